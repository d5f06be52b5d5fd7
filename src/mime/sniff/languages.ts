/** How often letters and characters are met, as much as it takes to tell one charset from another. Own counts of common knowledge, no tables of anybody. */

/** A charset and what is met in text of it: the more common first, in groups of falling weight. */
export type Charset = {
  readonly encoding: string
  readonly common: readonly string[]
  readonly letters: RegExp
  readonly hasSpaces: boolean
}

const RUSSIAN = ['оеаинтсрвл', 'кмдпуяыьгзбчйі', 'хжшюцщэфъєїґ']
const GREEK = ['αοιτεσνηυρ', 'πκμλςόίάέδ', 'ήύώωγχθφβξζψ']
const HEBREW = ['יוהלאמרתבש', 'נדכעחקפםט', 'גסזצןץךף']
const ARABIC = ['الينمتوره', 'بعدكفسقحأ', 'جشطصخىةإئءغذضزثظآؤ']
const THAI = ['านรกอเงมยลวด', 'ทสต่้ัีบ', 'ปขะหคแจิพชไโใธณุูศถำซผภึ็ื์ฐฉฟ']

/** Charsets of one byte a character whose words are not Latin letters. */
export const SINGLE_BYTE: readonly Charset[] = [
  { encoding: 'windows-1251', common: RUSSIAN, letters: /\p{sc=Cyrl}/u, hasSpaces: true },
  { encoding: 'koi8-u', common: RUSSIAN, letters: /\p{sc=Cyrl}/u, hasSpaces: true },
  { encoding: 'iso-8859-5', common: RUSSIAN, letters: /\p{sc=Cyrl}/u, hasSpaces: true },
  { encoding: 'ibm866', common: RUSSIAN, letters: /\p{sc=Cyrl}/u, hasSpaces: true },
  { encoding: 'windows-1253', common: GREEK, letters: /\p{sc=Grek}/u, hasSpaces: true },
  { encoding: 'windows-1255', common: HEBREW, letters: /\p{sc=Hebr}/u, hasSpaces: true },
  { encoding: 'windows-1256', common: ARABIC, letters: /\p{sc=Arab}/u, hasSpaces: true },
  { encoding: 'windows-874', common: THAI, letters: /\p{sc=Thai}/u, hasSpaces: true },
]

/** Charsets of two bytes a character. */
export const DOUBLE_BYTE: readonly Charset[] = [
  {
    encoding: 'gb18030',
    common: [
      '的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心本前开但因只从想实日者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应向头文体政美相见被利什二等产或新己制身果加西月话合回特代内信表化老给世位次度门任常先海通教原东声提立及比员解水名真论处走义各入几口认条平系气题活更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程北边张该交规万取望觉术领共确传师观清今切院让识候带导争运您请邮箱验证码登录账户密码订单客服务点击',
      '，。、！：；？“”《》（）１２３４５',
    ],
    letters: /\p{sc=Han}/u,
    hasSpaces: false,
  },
  {
    encoding: 'big5',
    common: [
      '的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心本前開但因只從想實日者意無力它與長把機十民第公此已工使情明性知全三又關點正業外將兩高間由問很最重並物手應向頭文體政美相見被利什二等產或新己制身果加西月話合回特代內信表化老給世位次度門任常先海通教原東聲提立及比員解水名真論處走義各入幾口認條平系氣題活更別打女變四神總何電數安少報才結反受目太量再感建務做接必場件計管期市直德資命山金指許統區保至隊形社便空決治展馬科司五基眼書非則聽白卻界達光放強即像難且權思王象完設式色路記南品住告類求據程北邊張該交規萬取望覺術領共確傳師觀清今切院讓識候帶導爭運您請郵件驗證碼登入帳戶密碼訂單客服務點擊',
      '，。、！：；？「」『』（）１２３４５',
    ],
    letters: /\p{sc=Han}/u,
    hasSpaces: false,
  },
  {
    encoding: 'euc-kr',
    common: [
      '이다는의에을가고를지하한로기사있어도라자은그서리시나정인대것해아일수들제보여부만과주니구전안게요장스상면으오내조동우원연성실선소유경비무당신모관공계용중문학국세생화개년적방회확회원님메원드합습세요까데말때려더',
      '및월분번등입출통신물품결',
    ],
    letters: /\p{sc=Hang}/u,
    hasSpaces: false,
  },
  {
    encoding: 'euc-jp',
    common: [
      'のにはをたがでてとしれさあいうるなすくきらりこもまっよせおかそつけどえへだやみめちわろほねゆばぶじょゃゅンごアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワーッャュョガギグゲゴジズデドバビブベボパピプペポ',
      '、。日本人年月大件名様中',
    ],
    letters: /[\p{sc=Hira}\p{sc=Kana}\p{sc=Han}]/u,
    hasSpaces: false,
  },
  {
    encoding: 'shift_jis',
    common: [
      'のにはをたがでてとしれさあいうるなすくきらりこもまっよせおかそつけどえへだやみめちわろほねゆばぶじょゃゅンごアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワーッャュョガギグゲゴジズデドバビブベボパピプペポ',
      '、。日本人年月大件名様中',
    ],
    letters: /[\p{sc=Hira}\p{sc=Kana}\p{sc=Han}]/u,
    hasSpaces: false,
  },
]

/** Letters beyond ASCII of the languages that are written in these charsets; each may be the one of a text. */
export const LATIN: readonly { readonly encoding: string; readonly languages: readonly string[] }[] = [
  {
    encoding: 'windows-1252',
    languages: [
      'äöüß',
      'éèàçâêîôûëïùœæ',
      'áéíóúñü',
      'ãõáéíóúâêôçàü',
      'åäöæøéü',
      'àèéìòùí',
      'áéíóúýðþæö',
      'éëïöüèç',
      'áàéèíïóòúüç',
    ],
  },
  { encoding: 'windows-1254', languages: ['ığşçöüâî'] },
  { encoding: 'windows-1250', languages: ['ąćęłńóśźż', 'áčďéěíňóřšťúůýž', 'áäčďéíĺľňóôŕšťúýž', 'áéíóöőúüű', 'ăâîşţ', 'čćđšž'] },
  { encoding: 'iso-8859-2', languages: ['ąćęłńóśźż', 'áčďéěíňóřšťúůýž', 'áäčďéíĺľňóôŕšťúýž', 'áéíóöőúüű', 'ăâîşţ', 'čćđšž'] },
  { encoding: 'windows-1257', languages: ['āčēģīķļņšūž', 'ąčęėįšųūž', 'äõöüšž'] },
]
