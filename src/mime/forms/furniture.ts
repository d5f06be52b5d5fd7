/**
 * What ordinary mail says in one of its forms only: that there is another form, how to see it, how to end such mail, whose it is. By words, in many
 * languages; what such a sentence asks beside that is for divergence.ts to see.
 */

import { foldText, saysAction, saysUnsubscribe } from '../links/link-words.ts'

/** Longer sentences say something else too. */
const MAX_FURNITURE_WORDS = 30

const SPACED =
  // The other form, in all languages of computers
  'html|browser|web version|webversion|web-version|online version|online-version|view online|read online|view this e|view it in|view as|trouble viewing|' +
  'problems viewing|trouble reading|trouble with the button|button above|button does not work|link does not work|copy and paste|copy the link|copy this link|' +
  'mail client|e-mail client|email client|mail program|email program|mime|text version|text-version|plain text version|not displayed correctly|display images|something wrong with th|' +
  // Whose it is, and why it comes
  'copyright|\u00a9|all rights reserved|this e-mail was sent|this email was sent|this message was sent|this mail was sent|was sent to|you are receiving|' +
  "you're receiving|you received this|you are getting|you get this|because you are|because you have|because you signed|mailing list|do not reply|don't reply|no-reply|noreply|not monitored|privacy|" +
  'terms of|terms and|terms &|terms apply|imprint|preferences|manage your subscription|notification settings|email settings|update your profile|forward to a friend|forward this email|' +
  'add us to|help center|help centre|confidential|intended recipient|intended only|powered by|sent from my|sent with|get outlook|' +
  'registered office|registered in|registration number|vat |company number|' +
  // German, Dutch
  'im web ansehen|online ansehen|online lesen|webansicht|onlineversion|darstellung|richtig angezeigt|korrekt angezeigt|nicht angezeigt|alle rechte|impressum|datenschutz|' +
  'diese e-mail|diese mail|diese nachricht wurde|sie erhalten|du erhaltst|du bekommst|bitte nicht antworten|nicht auf diese|newsletter|' +
  'geschaftsfuhrer|handelsregister|sitz der|ust-id|kundenservice|im browser|vertraulich|bekijk|online bekijken|webversie|u ontvangt|je ontvangt|voorkeuren|' +
  'alle rechten|niet goed|' +
  // French, Spanish, Italian, Portuguese, Romanian
  'navigateur|version en ligne|version web|voir en ligne|ne s.affiche|affiche pas|tous droits|vous recevez|cet e-mail|cet email|ce message a ete|ne pas repondre|confidentialite|' +
  'mentions legales|navegador|version online|ver en linea|ver online|no se ve|no visualiza|todos los derechos|este correo|este mensaje|recibes este|recibe este|ha recibido|no responda|' +
  'privacidad|privacidade|aviso legal|versione web|versione online|visualizza nel|non visualizzi|tutti i diritti|questa e-mail|questa email|hai ricevuto|ricevi questa|' +
  'non rispondere|visualizar no|versao online|todos os direitos|esta mensagem|este e-mail|recebeu este|recebe este|nao responda|toate drepturile|ati primit|vizualiza in|' +
  // Swedish, Danish, Norwegian, Finnish
  'webblasare|webblasaren|webbversion|i webblasaren|detta mejl|detta e-post|du far detta|du har fatt|far inte svara|svara inte|alla rattigheter|integritet|browseren|nettleser|' +
  'denne e-mail|denne e-posten|denne mail|du modtager|du mottar|svar ikke|ikke svare|privatliv|personvern|alle rettigheder|alle rettigheter|selaimessa|tama viesti|' +
  'sait taman|saat taman|ala vastaa|tietosuoja|kaikki oikeudet|' +
  // Polish, Czech, Slovak, Hungarian, Turkish, Greek, Russian, Ukrainian
  'przegladar|wersja online|wiadomosc zostala|otrzymujesz|prosimy nie odpowiadac|wszelkie prawa|prywatnosc|prohlizec|prehliadac|zobrazit online|tento e-mail|' +
  'dostavate|neodpovidejte|vsechna prava|bongeszo|ezt az e-mail|on azert kapta|ne valaszol|minden jog|adatvedel|tarayici|bu e-posta|bu ileti|yanitlamayin|tum haklari|gizlilik|' +
  'προγραμμα περιηγησης|φυλλομετρητη|αυτο το μηνυμα|λαμβανετε|με την επιφυλαξη|браузер|веб-верси|онлайн-верси|вы получили|вы получаете|это письмо|не отвечайте|все права|' +
  'конфиденциальност|рассылк|ви отримали|цей лист|не відповідайте|усі права|' +
  // Vietnamese, Indonesian
  'trinh duyet|ban nhan đuoc|peramban|email ini|anda menerima'

const UNSPACED =
  'ブラウザ|ウェブ版|このメール|本メール|返信しないで|送信専用|プライバシー|無断転載|配信|浏览器|瀏覽器|网页版|網頁版|此邮件|此郵件|本邮件|本郵件|这封邮件|這封郵件|请勿回复|請勿回覆|版权所有|版權所有|隐私|隱私|' +
  '브라우저|웹에서 보기|이 메일|본 메일|이 이메일|발신전용|발신 전용|개인정보|저작권|المتصفح|هذه الرسالة|هذا البريد|لا ترد|جميع الحقوق|الخصوصية|דפדפן|הודעה זו|אין להשיב|' +
  'כל הזכויות|פרטיות|ब्राउज़र|यह ईमेल|गोपनीयता|เบราว์เซอร์|อีเมลนี้|นโยบาย'

const AT_START = new RegExp(`(?<![\\p{L}\\p{N}])(?:${foldAll(SPACED)})`, 'u')
const ANYWHERE = new RegExp(foldAll(UNSPACED), 'u')

function foldAll(words: string): string {
  return words.split('|').map(foldText).join('|')
}

/** Whether a sentence of so many words, as foldText gives it, is of that kind. One that also speaks of passwords or of logging in is not. */
export function isFurniture(folded: string, wordCount: number): boolean {
  if (wordCount > MAX_FURNITURE_WORDS) return false
  return saysUnsubscribe(folded) || ((AT_START.test(folded) || ANYWHERE.test(folded)) && !saysAction(folded))
}
