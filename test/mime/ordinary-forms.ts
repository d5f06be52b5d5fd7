/** Mail as honest senders write it: a text and HTML that differ as those two do. Written for these tests. */

import { ORDINARY_NOTICES, type TwoForms } from './ordinary-notices.ts'

/** Who they are from. */
export const SENDER = 'Acme <news@acme.example>'

const a = (url: string, words: string) => `<a href="${url}">${words}</a>`
const tracked = (at: string) => `https://click.esp-mail.test/ls/click?upn=u001.${at.repeat(12)}-2BqYt7Zk3QwErTyUiOpAsDfGhJkL`
const preview = (text: string) => `<div style="display:none;max-height:0;overflow:hidden">${text}&nbsp;&zwnj;&nbsp;&zwnj;</div>`
const HEAD = '<!doctype html><html><head><title>Acme News</title><style>p{margin:0}</style></head><body>'

const STORY =
  'Spring has come early this year, and our gardeners have been busy. In the first weeks of March we planted two hundred apple trees along the river, and the volunteers from the village school painted the fence around them.'
const STORY_2 =
  'If you would like to see the trees in bloom, come to the open day on the last Sunday of April. There will be coffee, cake and a tour of the greenhouse at eleven.'
const BOTH = `<p>${STORY}</p><p>${STORY_2}</p>`
const FOOTER = 'Acme Gardens Limited, 1 Long Road, Springfield SP1 2AB'

export const ORDINARY_FORMS: readonly TwoForms[] = [
  ['the same words, wrapped', wrap(`${STORY}\n\n${STORY_2}`, 60), BOTH],
  [
    'a link to the copy on the web, in the text',
    `View this email in your browser: https://acme.example/view/123\n\n${STORY}\n\n${STORY_2}`,
    BOTH,
  ],
  [
    'a link to the copy on the web, in the HTML',
    `${STORY}\n\n${STORY_2}`,
    `<p>Trouble viewing this email? ${a('https://acme.example/view/123', 'Read it online')}.</p>${BOTH}`,
  ],
  [
    'a preview text that the HTML hides',
    `The first apple trees of the year are in the ground, and you are invited\n\n${STORY}\n\n${STORY_2}`,
    `${HEAD}${preview('The first apple trees of the year are in the ground, and you are invited')}${BOTH}`,
  ],
  [
    'a preview text that only the HTML hides',
    `${STORY}\n\n${STORY_2}`,
    `${HEAD}${preview('Two hundred apple trees, and cake for everybody who comes')}${BOTH}`,
  ],
  [
    'a footer in the text only',
    `${STORY}\n\n${STORY_2}\n\n--\n${FOOTER}\nYou are receiving this email because you signed up on our website.\nUnsubscribe: https://acme.example/u/1`,
    `${BOTH}<p>${a('https://acme.example/u/1', 'Unsubscribe')}</p>`,
  ],
  [
    'a footer in the HTML only',
    `${STORY}\n\n${STORY_2}`,
    `${BOTH}<p>© 2026 ${FOOTER}. All rights reserved.</p><p>${a('https://acme.example/p', 'Privacy')} | ${a('https://acme.example/u', 'Unsubscribe')} | ${a('https://acme.example/t', 'Terms')}</p>`,
  ],
  [
    'a menu and icons in the HTML',
    `${STORY}\n\n${STORY_2}`,
    `<table><tr><td>${a('https://acme.example/shop', 'Shop')}</td><td>${a('https://acme.example/sale', 'Sale')}</td><td>${a('https://acme.example/help', 'Help')}</td></tr></table>${BOTH}<p>${a('https://facebook.com/acme', '<img src=f alt="Facebook">')} ${a('https://x.com/acme', '<img src=t alt="Follow us on X">')}</p>`,
  ],
  [
    'pictures with names',
    `${STORY}\n\n${STORY_2}`,
    `<img src="https://acme.example/l.png" alt="Acme Gardens logo"><img src=h alt="Children of the village school painting a wooden fence in the sun">${BOTH}`,
  ],
  [
    'names of pictures in brackets in the text',
    `[image: Acme Gardens logo]\n${STORY}\n\n[cid:image001.png@01DA.9F]\n${STORY_2}`,
    `<img src=l alt="Acme Gardens logo">${BOTH}`,
  ],
  [
    'tracked links in the HTML',
    `${STORY} https://acme.example/trees\n\n${STORY_2} https://www.acme.example/day\n\nFacebook: https://facebook.com/acme`,
    `<p>${STORY} ${a(tracked('ab'), 'More')}</p><p>${STORY_2} ${a(tracked('cd'), 'Come')}</p>${a(tracked('ef'), 'Facebook')}`,
  ],
  [
    'links in parentheses, as a converter writes them',
    `${STORY} (https://acme.example/trees)\n\n*${STORY_2}*\n\nREAD MORE [https://acme.example/more]`,
    `${BOTH.replace('Spring', a('https://acme.example/trees', 'Spring'))}<p>${a('https://acme.example/more', 'Read more')}</p>`,
  ],
  [
    'links as footnotes',
    `${STORY} [1]\n\n${STORY_2} [2]\n\nReferences\n\n1. https://acme.example/trees\n2. https://acme.example/day`,
    `<p>${STORY} ${a('https://acme.example/trees', 'More')}</p><p>${STORY_2} ${a('https://acme.example/day', 'Come')}</p>`,
  ],
  [
    'headings in capitals and lines of stars',
    `**********\nTHE TREES ARE IN THE GROUND\n**********\n\n${STORY}\n\n----------\n\n${STORY_2}`,
    `<h1>The trees are in the ground</h1>${BOTH.replace('</p>', '</p><hr>')}`,
  ],
  [
    'a list with other bullets',
    `We planted:\n\n  * 120 apple trees\n  * 50 pear trees\n  * 30 plum trees\n\n${STORY_2}`,
    `<p>We planted:</p><ul><li>120 apple trees</li><li>50 pear trees</li><li>30 plum trees</li></ul><p>${STORY_2}</p>`,
  ],
  [
    'an introduction of a link that is a button',
    `Hi Ann,\n\nSomebody asked for a new password for your account. To choose one, follow this link:\n\nhttps://acme.example/reset/9f8e7d\n\nIf it was not you, you can ignore this mail.\n\nThe Acme team`,
    `<p>Hi Ann,</p><p>Somebody asked for a new password for your account.</p><p>${a('https://acme.example/reset/9f8e7d', 'Choose a new password')}</p><p>If it was not you, you can ignore this mail.</p><p>The Acme team</p>`,
  ],
  [
    'a button and its URL below',
    `Hi Ann,\n\nplease confirm your address.\n\nConfirm ( https://acme.example/c/1 )\n\nThanks,\nThe Acme team`,
    `<p>Hi Ann,</p><p>please confirm your address.</p><p>${a('https://acme.example/c/1', 'Confirm')}</p><p>Thanks,<br>The Acme team</p><p>If you’re having trouble with the button above, copy and paste the URL below into your web browser.</p><p>https://acme.example/c/1</p>`,
  ],
  [
    'a code, spaced out in the HTML',
    'Your Acme code is 482913. It expires in ten minutes.',
    '<p>Your Acme code is</p><h2>482913</h2><p>It expires in ten minutes.</p>',
  ],
  [
    'a receipt with a table',
    `Thank you for your order.\n\nShoes    1    $20.00\nHat of wool    2    $15.50\nTotal    $35.50\n\nIt will be with you on Friday.`,
    '<p>Thank you for your order.</p><table><tr><td>Shoes</td><td>1</td><td>$20.00</td></tr><tr><td>Hat of wool</td><td>2</td><td>$15.50</td></tr><tr><td>Total</td><td></td><td>$35.50</td></tr></table><p>It will be with you on Friday.</p>',
  ],
  [
    'a receipt whose table the text leaves out',
    `Hi Ann,\n\nyour order has been processed. You can see how it goes in your account:\nhttps://acme.example/orders/7\n\nThank you for your purchase.`,
    `<h1>Hi Ann,</h1><p>your order has been processed.</p><table><tr><th>Item</th><th>Description</th><th>Price</th></tr><tr><td>Shoes</td><td>A pair of red leather shoes with rubber soles.</td><td>$20.00</td></tr></table><p>You can see how it goes in your account:</p><p>${a('https://acme.example/orders/7', 'Go to my account')}</p><p>Thank you for your purchase.</p>`,
  ],
  [
    'sums written otherwise',
    'Your invoice for March is ready. Please pay 1.234,50 EUR by the end of the month, as agreed.',
    '<p>Your invoice for March is ready. Please pay €1,234.50 by the end of the month, as agreed.</p>',
  ],
  [
    'a short form of a long newsletter',
    `${STORY}\n\nRead everything on https://acme.example/news`,
    `${BOTH}<h2>New in the shop</h2>${Array.from({ length: 12 }, (_, at) => `<p>Seeds of the kind number ${at} are back in stock, and they grow in any soil and any sun that you can offer them at home.</p>`).join('')}`,
  ],
  ['a stub that asks for HTML', 'This message is in HTML. Please use a mail program that can show it.', BOTH],
  ['a stub that leads to the web', 'To view this newsletter please visit https://acme.example/view/123', BOTH],
  ['a stub that is the subject', 'News of Acme', BOTH],
  ['a stub of one word', 'Newsletter', BOTH],
  ['a stub that says what the HTML says', 'The gardeners planted apple trees; come to the open day in April.', BOTH],
  [
    'a stub in German',
    'Um diesen Newsletter richtig angezeigt zu bekommen, öffnen Sie ihn bitte im Browser: https://acme.example/v',
    BOTH,
  ],
  [
    'a stub in Japanese',
    'このメールはHTML形式です。ブラウザでご覧ください。',
    '<p>春が早く来ました。三月の最初の週に、川沿いに二百本のりんごの木を植えました。村の学校の子どもたちが柵を塗ってくれました。</p>',
  ],
  [
    'a German newsletter',
    `Newsletter im Browser ansehen: https://acme.example/v\n\nDer Frühling ist dieses Jahr früh gekommen, und unsere Gärtner hatten viel zu tun. Am Fluss stehen jetzt zweihundert Apfelbäume.\n\nSie erhalten diese E-Mail, weil Sie sich auf unserer Seite angemeldet haben. Abmelden: https://acme.example/u\n\nAcme Gärten GmbH, Lange Straße 1, 12345 Berlin`,
    `<p>Der Fr&uuml;hling ist dieses Jahr fr&uuml;h gekommen, und unsere G&auml;rtner hatten viel zu tun. Am Fluss stehen jetzt zweihundert Apfel&shy;b&auml;ume.</p><p>${a('https://acme.example/u', 'Abmelden')}</p>`,
  ],
  [
    'a French newsletter',
    `Si ce message ne s’affiche pas correctement, consultez la version en ligne : https://acme.example/v\n\nLe printemps est arrivé tôt cette année et nos jardiniers ont eu beaucoup à faire le long de la rivière.\n\nPour vous désabonner : https://acme.example/u`,
    `<p>Le printemps est arriv&eacute; t&ocirc;t cette ann&eacute;e et nos jardiniers ont eu beaucoup &agrave; faire le long de la rivi&egrave;re.</p><p>${a('https://acme.example/u', 'Se désabonner')}</p>`,
  ],
  [
    'a Chinese receipt',
    '您的订单已经发货，预计星期五送达，感谢您的购买。退订：https://acme.example/u',
    `<p>您的订单已经发货，<br>预计星期五送达，感谢<b>您的</b>购买。</p>${a('https://acme.example/u', '退订')}`,
  ],
  [
    'an answer with its history',
    `Yes, noon is fine. See you there.\n\nOn Mon, 2 Mar 2026 at 10:00, Bob <bob@example.org> wrote:\n> Shall we have lunch on Tuesday, at noon, in the garden?\n> Bob`,
    '<div>Yes, noon is fine. See you there.</div><div>On Mon, 2 Mar 2026 at 10:00, Bob &lt;<a href="mailto:bob@example.org">bob@example.org</a>&gt; wrote:</div><blockquote>Shall we have lunch on Tuesday, at noon, in the garden?<br>Bob</blockquote>',
  ],
  [
    'a letter as Outlook writes it',
    `Dear Ann,\n\nplease find the minutes attached; the next meeting is on Monday.\n\nKind regards\nBob\n\n[cid:image002.png@01D9]\nBob Builder | Acme<https://acme.example/>\nT +44 20 7946 0000 | bob@acme.example<mailto:bob@acme.example>`,
    '<p>Dear Ann,</p><p>please find the minutes attached; the next meeting is on Monday.</p><p>Kind regards<br>Bob</p><img src="cid:image002.png"><p>Bob Builder | <a href="https://acme.example/">Acme</a><br>T +44 20 7946 0000 | <a href="mailto:bob@acme.example">bob@acme.example</a></p>',
  ],
  ['a very short letter', 'Thanks, will do!\n\nAnn', '<div dir="ltr">Thanks, will do!<div><br></div><div>Ann</div></div>'],
  ['a single word', 'Yes.', '<p><b>Yes</b></p>'],
  [
    'a comment that is reported',
    `Bob commented on your document:\n\n  "I think that the second chapter is too long"\n\nReply: https://acme.example/d/1\n\nYou received this message because you are subscribed to the document.`,
    `<p>Bob commented on your document:</p><blockquote>I think that the second chapter is too long</blockquote>${a('https://acme.example/d/1', 'Reply')}<p>You received this message because you are subscribed to the document. ${a('https://acme.example/s', 'Change what Acme sends you')}</p>`,
  ],
  [
    'a notice of confidentiality in the text only',
    `${STORY}\n\nThis message is confidential and intended only for the person it is addressed to.`,
    `<p>${STORY}</p>`,
  ],
  ['a letter that names who it was sent to', `${STORY}\n\nThis email was sent to agent@inbox.test by Acme.`, `<p>${STORY}</p>`],
  ['an advertisement for telephones', `Sent from my phone\n\n${STORY}`, `<p>${STORY}</p>`],
  [
    'HTML that is pictures, told in the text',
    `${STORY}\n\n${STORY_2}`,
    `${a('https://acme.example/day', '<img src=1><img src=2>')}<p>${a('https://acme.example/u', 'Unsubscribe')}</p>`,
  ],
  ['HTML that is pictures with a footer', `${STORY}\n\n${STORY_2}`, `<img src=1><p>© 2026 ${FOOTER}. All rights reserved.</p>`],
  [
    'an invitation with its fields',
    'You have been invited to the following event.\n\nTitle: Lunch\nWhen: Tue 3 Mar 2026 12:00 - 13:00\nWhere: The garden\nWho:\n* Bob\n* Ann',
    '<p>You have been invited to the following event.</p><h3>Lunch</h3><table><tr><td>When</td><td>Tue 3 Mar 2026 12:00 - 13:00</td></tr><tr><td>Where</td><td>The garden</td></tr><tr><td>Who</td><td>Bob, Ann</td></tr></table>',
  ],
  [
    'typographic quotes, dashes and spaces',
    `"It's early," said the gardener - and laughed... We planted 200 trees.`,
    '<p>“It’s early,” said the gardener – and laughed… We planted 200&nbsp;trees.</p>',
  ],
  [
    'an order with promotions below',
    `Hi Ann,\n\nyour parcel is on its way. It should arrive on Friday between nine and noon; our driver will ring the bell.\n\nTrack it: https://acme.example/t/1\n\nThe Acme team`,
    `${HEAD}<p>Hi Ann,</p><p>your parcel is on its way. It should arrive on Friday between nine and noon; our driver will ring the bell.</p>${a('https://acme.example/t/1', 'Track it')}<p>The Acme team</p><p>You may also like</p><p>Hats</p><p>Gloves</p><p>Scarves</p><p>Get the app</p>${a('https://apps.apple.com/acme', '<img alt="Download on the App Store">')}${a('https://play.google.com/acme', '<img alt="Get it on Google Play">')}`,
  ],
  [
    'a Spanish notice',
    `¿No ves bien este correo? Ábrelo en tu navegador: https://acme.example/v\n\nHola Ana, tu pedido ha salido hoy de nuestro almacén y llegará el viernes por la mañana.\n\nHas recibido este mensaje porque eres cliente. Darse de baja: https://acme.example/u`,
    `<p>Hola Ana, tu pedido ha salido hoy de nuestro almac&eacute;n y llegar&aacute; el viernes por la ma&ntilde;ana.</p><p>${a('https://acme.example/u', 'Darse de baja')}</p>`,
  ],
  [
    'a Russian notice',
    `Если письмо отображается неверно, откройте его в браузере: https://acme.example/v\n\nЗдравствуйте, Анна! Ваш заказ сегодня покинул наш склад и будет доставлен в пятницу утром.\n\nОтписаться: https://acme.example/u`,
    `<p>Здравствуйте, Анна! Ваш заказ сегодня покинул наш склад и будет доставлен в пятницу утром.</p>${a('https://acme.example/u', 'Отписаться от рассылки')}`,
  ],
  [
    'an Arabic notice',
    'مرحبا آن، لقد غادر طلبك مستودعنا اليوم وسيصل إليك صباح يوم الجمعة.',
    '<div dir="rtl"><p>مرحبا آن، لقد غادر طلبك مستودعنا اليوم وسيصل إليك صباح يوم الجمعة.</p></div>',
  ],
  [
    'a Thai notice',
    'สวัสดีค่ะ คำสั่งซื้อของคุณถูกจัดส่งแล้ววันนี้ และจะถึงคุณในวันศุกร์',
    '<p>สวัสดีค่ะ คำสั่งซื้อของคุณถูกจัดส่งแล้ววันนี้<br>และจะถึงคุณในวันศุกร์</p>',
  ],
  [
    'a post of a forum',
    `Bob wrote in "Apple trees":\n\n${STORY}\n\n---\nVisit Topic [https://forum.acme.example/t/1] or reply to this email to respond.\n\nTo unsubscribe from these emails, click here [https://forum.acme.example/u].`,
    `<table><tr><td><img src=x></td><td>${a('https://forum.acme.example/u/bob', 'Bob')}<br>March 2</td></tr></table><p>${STORY}</p><hr><p>${a('https://forum.acme.example/t/1', 'Visit Topic')} or reply to this email to respond.</p><p>To unsubscribe from these emails, ${a('https://forum.acme.example/u', 'click here')}.</p>`,
  ],
  [
    'a build that failed',
    `Build #4711 failed.\n\nCommit: 9f8e7d6 (main)\nAuthor: Ann\nMessage: Plant the trees\n\nView the log: https://ci.acme.example/4711`,
    `<h2>Build #4711 failed.</h2><table><tr><td>Commit</td><td>9f8e7d6 (main)</td></tr><tr><td>Author</td><td>Ann</td></tr><tr><td>Message</td><td>Plant the trees</td></tr></table>${a('https://ci.acme.example/4711', 'View the log')}`,
  ],
  [
    'an alert of a sign-in',
    `Hi Ann,\n\nwe noticed a new sign-in to your account.\n\nDevice: Firefox on Linux\nPlace: Berlin, Germany\nTime: 2 March 2026, 10:00\n\nIf this was you, there is nothing to do. If not, secure your account here: https://acme.example/secure\n\nThe Acme team`,
    `<p>Hi Ann,</p><p>we noticed a new sign-in to your account.</p><ul><li><b>Device:</b> Firefox on Linux</li><li><b>Place:</b> Berlin, Germany</li><li><b>Time:</b> 2 March 2026, 10:00</li></ul><p>If this was you, there is nothing to do. If not, secure your account.</p>${a('https://acme.example/secure', 'Secure your account')}<p>The Acme team</p>`,
  ],
  [
    'a code with a warning in both',
    'Use 314-159 to sign in to Acme. Never share this code; nobody from Acme will ask for it.',
    '<p>Use <b>314-159</b> to sign in to Acme.</p><p>Never share this code; nobody from Acme will ask for it.</p>',
  ],
  [
    'a digest with numbers of votes',
    `Top posts for you\n\n* Apple trees in bloom (https://acme.example/1)\n  120 votes, 14 comments\n* How to paint a fence (https://acme.example/2)\n  80 votes, 3 comments`,
    `<h1>Top posts for you</h1>${a('https://acme.example/1', 'Apple trees in bloom')}<p>120 votes | 14 comments</p>${a('https://acme.example/2', 'How to paint a fence')}<p>80 votes | 3 comments</p>${a('https://acme.example/all', 'See all of them')}`,
  ],
  [
    'a signature with a picture',
    `Hello Bob,\n\nthe plans are ready, have a look when you can.\n\nAnn\n--\nAnn Gardener\nHead of trees, Acme Gardens`,
    `<p>Hello Bob,</p><p>the plans are ready, have a look when you can.</p><p>Ann</p><p>-- <br>Ann Gardener<br>Head of trees, Acme Gardens<br><img src=cid:a alt="A drawing of a tree"></p>`,
  ],
  [
    'a mailing list that adds to the text only',
    `${STORY}\n\n_______________________________________________\nTrees mailing list\ntrees@lists.acme.example\nhttps://lists.acme.example/listinfo/trees`,
    `<p>${STORY}</p>`,
  ],
  [
    'words that are split over elements',
    `${STORY}`,
    `<p>${STORY.replace('gardeners', 'gar<span>den</span>ers').replace('volunteers', '<b>volun</b>teers')}</p>`,
  ],
  ...ORDINARY_NOTICES,
]

function wrap(text: string, width: number): string {
  return text.replace(new RegExp(`(.{1,${width}})(?: |$)`, 'gm'), '$1\n')
}
