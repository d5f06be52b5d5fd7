/** Names that senders like to pretend to be, and the domains that are really theirs. */

import { toSkeleton } from './confusables.ts'
import type { Host } from './hosts.ts'

/** A well-known name. */
export type Brand = {
  /** The label of its first domain. */
  readonly name: string
  /** As the first domain is written. */
  readonly suffix: string
  /** A word, a surname or an abbreviation, so that others have it in their names without meaning harm. */
  readonly isWord: boolean
}

/**
 * One a line: its own domains, the main one first. Those of the same label below a country's suffix or `.net` and `.org` need not stand here. A `~` marks
 * a name that is also a word.
 */
const OWN_DOMAINS = `
paypal.com paypal.me paypalobjects.com paypal-communication.com paypal-corp.com paypal-community.com
google.com google.dev googleapis.com googleusercontent.com googlemail.com google-analytics.com googlegroups.com withgoogle.com googleblog.com google-melange.com googleadservices.com
gmail.com
youtube.com youtu.be youtube-nocookie.com
microsoft.com microsoftonline.com microsoftonline-p.com microsoft365.com azure.com windows.net sharepoint.com microsoft-int.com microsoftemail.com
outlook.com
office365.com office.com office.net
hotmail.com
skype.com
apple.com~ apple.news
appleid.com
icloud.com~ icloud-content.com
amazon.com~ amazonaws.com amazon.jobs amazon.dev awstrack.me amazonses.com amazon-adsystem.com amazonpay.com
facebook.com facebookmail.com facebook.dev facebookcorewwwi.onion
instagram.com
whatsapp.com
twitter.com
linkedin.com linkedin-ei.com linkedin.biz
tiktok.com tiktokv.com
snapchat.com
pinterest.com pinterestmail.com
wikipedia.org
reddit.com redditmail.com redditmedia.com redditstatic.com
discord.com~ discord.gg discord.gift discordapp.com discord.media discord.new discordstatus.com
telegram.org~ telegram.me
slack.com~ slack-edge.com slack-files.com slackb.com slackhq.com
zoom.us~ zoom.com zoomgov.com
github.com github.io github.dev githubusercontent.com githubassets.com githubapp.com githubstatus.com github.blog githubnext.com
gitlab.com gitlab.io
bitbucket.org bitbucket.io
atlassian.com atlassian.net atlassian.design
dropbox.com dropboxmail.com dropboxusercontent.com dropbox.tech dropbox-dns.com
docusign.com docusign.net
adobe.com adobe.io adobesign.com adobelogin.com
netflix.com
spotify.com spotifyjobs.com
twitch.tv~ twitchcon.com
steampowered.com steamcommunity.com
roblox.com
epicgames.com epicgames.dev
openai.com
anthropic.com
chatgpt.com
huggingface.co
notion.so~ notion.com notion.site
figma.com
canva.com canva.site
salesforce.com salesforce-sites.com
hubspot.com hubspotemail.net
mailchimp.com
sendgrid.com sendgrid.net
cloudflare.com cloudflare.dev cloudflarestatus.com
godaddy.com
namecheap.com
digitalocean.com
heroku.com herokuapp.com
vercel.com
netlify.com netlify.app
npmjs.com
stripe.com~ stripe.dev stripe.network stripecdn.com
squareup.com
shopify.com shopify.dev shopifyemail.com shopifycdn.com
ebay.com ebaystatic.com
alibaba.com alibabacloud.com alibaba-inc.com
aliexpress.com
walmart.com walmartlabs.com wal-mart.com
bestbuy.com
booking.com~
airbnb.com airbnbmail.com
uber.com~
chase.com~
wellsfargo.com
bankofamerica.com
citibank.com citibankonline.com
capitalone.com
americanexpress.com
mastercard.com
barclays.com~ barclays.co.uk
hsbc.com
lloydsbank.com
natwest.com
santander.com
revolut.com~
monzo.com
wise.com~
coinbase.com
binance.com~
kraken.com~
blockchain.com~
metamask.io
ledger.com~
trezor.io~
venmo.com
cashapp.com cash.app
zellepay.com
intuit.com~
turbotax.com
quickbooks.com
fedex.com
ups.com~
usps.com~
dhl.com~ dhl.de
royalmail.com
deutschepost.de
verizon.com verizonwireless.com
tmobile.com t-mobile.com t-mobile.de t-mobile.nl t-mobile.at t-mobile.cz t-mobile.pl
vodafone.com
comcast.com
xfinity.com
yahoo.com yahoo-inc.com yahooinc.com yahoodns.net
protonmail.com
lastpass.com
onepassword.com 1password.com
bitwarden.com
okta.com~ oktacdn.com
norton.com~
mcafee.com
samsung.com
sony.com~
nintendo.com
playstation.com
xbox.com
`

/** Every brand, and by domain whose it is. */
const BRAND_OF_DOMAIN = new Map<string, Brand>()
const BRANDS: readonly Brand[] = OWN_DOMAINS.trim()
  .split('\n')
  .map((line) => {
    const [main = '', ...others] = line.split(' ')
    const domain = main.replace('~', '')
    const dot = domain.indexOf('.')
    const brand = { name: domain.slice(0, dot), suffix: domain.slice(dot + 1), isWord: main.endsWith('~') }
    for (const own of [domain, ...others]) BRAND_OF_DOMAIN.set(own, brand)
    return brand
  })

const BY_NAME: ReadonlyMap<string, Brand> = new Map(BRANDS.map((brand) => [brand.name, brand]))

/** Suffixes under which a company of a name like these owns that name. */
const OWNED_SUFFIXES: ReadonlySet<string> = new Set(['com', 'net', 'org'])
/** A country's: `de`, `co.uk`, `com.br`. */
const COUNTRY_SUFFIX = /^(?:(?:co|com|net|org)\.)?[a-z]{2}$/
/** Those that gave names away for nothing, or are sold everywhere as something else. */
const CHEAP_SUFFIXES: ReadonlySet<string> = new Set(['tk', 'ml', 'ga', 'cf', 'gq', 'cc', 'pw', 'ws', 'su'])

/** Whose host it really is; null for one of nobody well-known. */
export function brandOf({ organisation, name, suffix, isShared }: Host): Brand | null {
  const listed = BRAND_OF_DOMAIN.get(organisation) ?? (isShared ? undefined : BRAND_OF_DOMAIN.get(suffix))
  if (listed !== undefined || isShared) return listed ?? null
  const isOwned = OWNED_SUFFIXES.has(suffix) || (COUNTRY_SUFFIX.test(suffix) && !CHEAP_SUFFIXES.has(suffix))
  return isOwned ? (BY_NAME.get(name) ?? null) : null
}

/** All of them, by what their names look like (confusables.ts). */
export const BRANDS_BY_SKELETON: ReadonlyMap<string, Brand> = new Map(BRANDS.map((brand) => [toSkeleton(brand.name), brand]))

/** Whether two hosts belong to the same: to one organisation, or to one well-known name. */
export function isSameOwner(host: Host, other: Host): boolean {
  if (host.organisation === other.organisation) return true
  const brand = brandOf(host)
  return brand !== null && brand === brandOf(other)
}
