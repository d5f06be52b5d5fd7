/** What services send, a text and HTML that differ as those two do. Written for these tests, in the manner of such mail. */

/** The name, the text part and the HTML part. */
export type TwoForms = readonly [name: string, text: string, html: string]

const a = (url: string, words: string) => `<a href="${url}">${words}</a>`

export const ORDINARY_NOTICES: readonly TwoForms[] = [
  [
    'a review of code',
    `@bob commented on this pull request.\n\n\n> +  const words = text.split(' ')\n\nShould this not be trimmed first?\n\n-- \nReply to this email directly or view it on the forge:\nhttps://forge.acme.example/acme/trees/pull/7#discussion_r1\nYou are receiving this because you were mentioned.\n\nMessage ID: <acme/trees/pull/7/review/1@forge.acme.example>`,
    `<p><b>@bob</b> commented on this pull request.</p><hr><p>In <a href="https://forge.acme.example/acme/trees/pull/7#discussion_r1">src/words.ts</a>:</p><pre>+  const words = text.split(' ')\n</pre><p dir=auto>Should this not be trimmed first?</p><p style="font-size:small">&mdash;<br>Reply to this email directly, <a href="https://forge.acme.example/acme/trees/pull/7#discussion_r1">view it on the forge</a>, or <a href="https://forge.acme.example/n/unsubscribe-auth/AAA">unsubscribe</a>.<br>You are receiving this because you were mentioned.<img src="https://forge.acme.example/n/beacon/A.gif" height="1" width="1" alt=""><span style="font-size: 0; display:none;">Message ID: <span>&lt;acme/trees/pull/7/review/1</span><span>@</span><span>forge.acme.example&gt;</span></span></p>`,
  ],
  [
    'a receipt with cells of several lines',
    `Receipt from Acme\nReceipt #1234-5678\n\nAmount paid: $20.00\nDate paid: Mar 2, 2026\nPayment method: Visa - 4242\n\n--------------------------------\nSummary\n\nPro plan x 1: $20.00\nTotal: $20.00\n\nIf you have any questions, visit our support site at https://support.acme.example, contact us at support@acme.example, or call us at +1 555-010-0000.\n\nYou're receiving this email because you made a purchase at Acme, which partners with Stripe to provide invoicing and payment processing.`,
    `<table><tr><td>Receipt from Acme</td></tr><tr><td>Receipt #1234-5678</td></tr><tr><td>Amount paid<br>$20.00</td><td>Date paid<br>Mar 2, 2026</td><td>Payment method<br><img alt="Visa"> - 4242</td></tr></table><h3>Summary</h3><table><tr><td>Pro plan × 1</td><td>$20.00</td></tr><tr><td>Amount paid</td><td>$20.00</td></tr></table><p>If you have any questions, visit our support site at ${a('https://support.acme.example', 'https://support.acme.example')}, contact us at ${a('mailto:support@acme.example', 'support@acme.example')}, or call us at ${a('tel:+15550100000', '+1 555-010-0000')}.</p><p>You're receiving this email because you made a purchase at Acme, which partners with ${a('https://stripe.com', 'Stripe')} to provide invoicing and payment processing.</p>`,
  ],
  [
    'an alert of security',
    'Critical security alert\n\nSign-in attempt was blocked\nagent@inbox.test\nSomeone just used your password to try to sign in to your account. We blocked them, but you should check what happened.\n\nCheck activity\nhttps://accounts.acme.example/AccountChooser?Email=agent\n\nYou can also see security activity at\nhttps://myaccount.acme.example/notifications\n\nYou received this email to let you know about important changes to your account and services.\n© 2026 Acme LLC, 1600 Long Parkway, Mountain View, CA 94043, USA',
    `<div style="text-align:center"><img src=x alt="Acme"><div>Sign-in attempt was blocked</div><table><tr><td><img src=p></td><td>agent@inbox.test</td></tr></table></div><div>Someone just used your password to try to sign in to your account. We blocked them, but you should check what happened.<br>${a('https://accounts.acme.example/AccountChooser?Email=agent', 'Check activity')}</div><div>You can also see security activity at<br>${a('https://myaccount.acme.example/notifications', 'https://myaccount.acme.example/notifications')}</div><div>You received this email to let you know about important changes to your account and services.</div><div>© 2026 Acme LLC, 1600 Long Parkway, Mountain View, CA 94043, USA</div>`,
  ],
  [
    'a post of a blog, with the address of its picture',
    `View this post on the web at https://acme.example/p/trees\n\nSpring has come early this year, and our gardeners have been busy. [https://substackcdn.com/image/fetch/abc.jpg]\n\nThank you for reading. Please subscribe to support the work.\n\nUnsubscribe https://acme.example/action/disable_email?token=abc`,
    `<table><tr><td>Forwarded this email? ${a('https://acme.example/subscribe', 'Subscribe here')} for more</td></tr></table><h1>${a('https://acme.example/p/trees', 'Trees in March')}</h1><p>${a('https://acme.example/@bob', 'Bob')}</p><p>Mar 2</p><p>Spring has come early this year, and our gardeners have been busy.</p><img src="https://substackcdn.com/image/fetch/abc.jpg"><p>Thank you for reading. Please subscribe to support the work.</p><table><tr><td>Like</td><td>Comment</td><td>Restack</td></tr></table><p>© 2026 Bob<br>548 Long Street, San Francisco, CA 94104<br>${a('https://acme.example/action/disable_email?token=abc', 'Unsubscribe')}</p>`,
  ],
  [
    'an invitation to connect',
    `Ann, you have 3 new invitations\n\nBob Builder wants to connect\nGardener at Acme\n\nView: https://www.acme.example/comm/in/bob\n\n----------------------------------------\n\nThis email was intended for Ann Agent (Tester at Inbox)\nLearn why we included this: https://www.acme.example/help/a\nYou are receiving Invitation emails.\nUnsubscribe: https://www.acme.example/u\nHelp: https://www.acme.example/help\n\n© 2026 Acme Corporation, 1000 West Long Avenue, Sunnyvale, CA 94085.\nAcme and the Acme logo are registered trademarks of Acme.`,
    `<h2>Ann, you have 3 new invitations</h2><table><tr><td><img alt="Bob Builder profile picture"></td><td>Bob Builder wants to connect<br>Gardener at Acme</td></tr></table>${a('https://www.acme.example/comm/in/bob', 'View')}<p>This email was intended for Ann Agent (Tester at Inbox)<br>${a('https://www.acme.example/help/a', 'Learn why we included this.')}</p><p>You are receiving Invitation emails.</p><p>${a('https://www.acme.example/u', 'Unsubscribe')} · ${a('https://www.acme.example/help', 'Help')}</p><img alt="Acme"><p>© 2026 Acme Corporation, 1000 West Long Avenue, Sunnyvale, CA 94085. Acme and the Acme logo are registered trademarks of Acme.</p>`,
  ],
  [
    'a link that is two words in the HTML',
    `Someone has requested a password reset for the following account:\n\nSite Name: Acme Trees\n\nUsername: ann\n\nIf this was a mistake, ignore this email and nothing will happen.\n\nTo reset your password, visit the following address:\n\nhttps://acme.example/wp-login.php?action=rp&key=abc&login=ann`,
    `<p>Someone has requested a password reset for the following account:</p><p>Site Name: Acme Trees<br>Username: ann</p><p>If this was a mistake, ignore this email and nothing will happen.</p><p>To reset your password, ${a('https://acme.example/wp-login.php?action=rp&key=abc&login=ann', 'click here')}.</p>`,
  ],
  [
    'a link that is a button',
    `Welcome ann@inbox.test!\n\nYou can confirm your account email through the link below:\n\nhttps://acme.example/users/confirmation?confirmation_token=abcdef`,
    `<p>Welcome ann@inbox.test!</p><p>You can confirm your account email through the link below:</p><p>${a('https://acme.example/users/confirmation?confirmation_token=abcdef', 'Confirm my account')}</p>`,
  ],
  [
    'a digest with numbers in the HTML',
    `A brief summary of Acme Forum since your last visit on March 1\n\n--------------------\n\n*** Popular Topics ***\n\nApple trees in bloom\nhttps://forum.acme.example/t/1\n\nThey are early this year, are they not?\n\n--------------------\n\nThis summary is sent from Acme Forum when we haven't seen you in a while. Change your email settings: https://forum.acme.example/my/preferences or unsubscribe: https://forum.acme.example/email/unsubscribe/1`,
    `<table><tr><td><img alt="Acme Forum"></td></tr><tr><td>A brief summary since your last visit on March 1</td></tr></table><table><tr><td>12<br>New Topics</td><td>3<br>New Users</td><td>40<br>Likes</td></tr></table><h2>Popular Topics</h2>${a('https://forum.acme.example/t/1', 'Apple trees in bloom')}<p>They are early this year, are they not?</p><p>This summary is sent from Acme Forum when we haven't seen you in a while. ${a('https://forum.acme.example/my/preferences', 'Change your email settings')}, or ${a('https://forum.acme.example/email/unsubscribe/1', 'click here')} to unsubscribe.</p>`,
  ],
  [
    'an answer from a telephone',
    `Sounds good to me.\n\nBob\n\nSent from my iPhone\n\n> On 2 Mar 2026, at 10:00, Ann <ann@inbox.test> wrote:\n> \n> \uFEFFShall we plant on Monday?`,
    `<html><body dir="auto">Sounds good to me.<div><br></div><div>Bob<br><br><div dir="ltr">Sent from my iPhone</div><div dir="ltr"><br><blockquote type="cite">On 2 Mar 2026, at 10:00, Ann &lt;ann@inbox.test&gt; wrote:<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">Shall we plant on Monday?</div></blockquote></div></body></html>`,
  ],
  [
    'an invitation to call in',
    `Hi there,\n\nBob Builder is inviting you to a scheduled meeting.\n\nJoin from PC, Mac, Linux, iOS or Android: https://acme.example/j/98765432101?pwd=abc\n    Password: 314159\n\nOr iPhone one-tap (US Toll):  +16465550100,98765432101#\n\nOr Telephone:\n    Dial: +1 646 555 0100\n    Meeting ID: 987 6543 2101`,
    `<p>Hi there,</p><p>Bob Builder is inviting you to a scheduled meeting.</p><table><tr><td>Join from PC, Mac, Linux, iOS or Android:</td><td>${a('https://acme.example/j/98765432101?pwd=abc', 'https://acme.example/j/98765432101?pwd=abc')}</td></tr><tr><td>Password:</td><td>314159</td></tr></table><p>Or iPhone one-tap (US Toll): +16465550100,98765432101#</p><p>Or Telephone:<br>Dial: +1 646 555 0100<br>Meeting ID: 987 6543 2101</p>`,
  ],
  [
    'a Japanese newsletter',
    `※このメールはHTMLメールです。正しく表示されない方はこちら https://acme.example/v\n\n春の新商品のご案内です。りんごの木の苗を三月二十日より販売いたします。ご予約は店頭またはウェブサイトで承ります。\n\n配信停止はこちら https://acme.example/u`,
    `<p>春の新商品のご案内です。<br>りんごの木の苗を三月二十日より販売いたします。</p><p>ご予約は店頭または<b>ウェブサイト</b>で承ります。</p>${a('https://acme.example/u', '配信停止')}`,
  ],
  [
    'a short notice whose HTML has terms and a way out when it looks wrong',
    'Black Friday is here\n\n50% off everything until Monday.\n\nShop: https://acme.example/bf',
    `<h1>Black Friday is here</h1><p>50% off everything until Monday.</p>${a('https://acme.example/bf', 'Shop')}<p>Terms apply.</p><p>Something wrong with the email? ${a('https://acme.example/v', 'View it in your browser')}.</p>`,
  ],
]
