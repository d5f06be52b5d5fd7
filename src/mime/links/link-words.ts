/** What links say and how their paths are called, in many languages: to unsubscribe, and to do what the mail wants done. Beginnings of words are enough. */

/** A text for comparison: lower case, without accents. The words below are brought into the same form. */
export function foldText(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .replaceAll('ı', 'i')
    .replaceAll('’', "'")
    .replace(/\s+/g, ' ')
}

const UNSUBSCRIBE = compileWords(
  // English, German, Dutch, Swedish, Danish, Norwegian, Finnish
  'unsubscribe|opt out|opt-out|stop receiving|no longer wish to receive|remove me|leave this list|abmelden|abbestellen|austragen|uitschrijven|afmelden|' +
    'avprenumerera|avregistrera|avsluta prenumeration|afmeld|frameld|meld av|meld deg av|avmeld|peruuta tilaus|lopeta tilaus|poistu listalta|' +
    // French, Spanish, Italian, Portuguese, Romanian
    'desabonner|desabonnez|desabonnement|desinscrire|desinscription|desinscrivez|darse de baja|dar de baja|darme de baja|cancelar suscripcion|' +
    "cancelar la suscripcion|anular suscripcion|anular la suscripcion|desuscrib|annulla iscrizione|annulla l'iscrizione|cancella iscrizione|" +
    "cancella l'iscrizione|disiscriv|cancelar inscricao|cancelar a inscricao|cancelar subscricao|anular subscricao|descadastr|dezabon|" +
    // Polish, Czech, Slovak, Hungarian, Turkish, Greek, Russian, Ukrainian
    'wypisz|anuluj subskrypcje|zrezygnuj|odhlasit odber|zrusit odber|odhlasit z odberu|odhlasit sa|leiratkoz|abonelikten|listeden cik|' +
    'διαγραφη απο|απεγγραφη|καταργηση εγγραφης|отписаться|отписка|отказаться от|відписатися|скасувати підписку|відмовитися від|' +
    // Vietnamese, Indonesian
    'huy đang ky|ngung nhan|berhenti berlangganan',
  // Japanese, Chinese, Korean, Arabic, Hebrew, Hindi, Thai
  '配信停止|購読解除|購読を解除|登録解除|配信を停止|退订|取消订阅|退訂|取消訂閱|수신거부|수신 거부|구독 취소|구독취소|구독 해지|إلغاء الاشتراك|להסרה|הסרה מרשימת|' +
    'ביטול הרשמה|ביטול מנוי|सदस्यता समाप्त|सदस्यता रद्द|अनसब्सक्राइब|ยกเลิกการสมัคร|ยกเลิกการรับ|เลิกรับ',
)

const ACTION = compileWords(
  // English
  'verify|verification|confirm|activate|validate|log in|login|log me in|sign in|sign-in|signin|magic link|reset|set password|set your password|' +
    'set a password|set up your password|change password|change your password|choose a password|create password|create your password|recover|' +
    'accept|view invit|join the|join your|join team|join workspace|join organi|complete registration|complete your|complete sign|finish sign|' +
    'finish regist|finish set|unlock|approve|authorize|authorise|yes, it|this was me|' +
    // German, Dutch
    'bestatig|verifizier|aktivier|anmelden|einloggen|passwort|zurucksetzen|einladung annehmen|freischalten|registrierung abschliess|bevestig|' +
    'verifieer|verifieren|activeer|activeren|inloggen|aanmelden|wachtwoord|uitnodiging accepteren|' +
    // French, Spanish, Italian, Portuguese, Romanian
    'confirmer|confirmez|verifier|verifiez|activer|activez|valider|validez|se connecter|connexion|connectez|reinitialis|mot de passe|accepter|' +
    'rejoindre|confirmar|confirma|verificar|verifica|activar|activa|validar|iniciar sesion|inicia sesion|restablec|contrasena|aceptar|acceder|' +
    'conferma|attiva|accedi|reimposta|accetta|verifique|confirme|ativar|ative|iniciar sessao|entrar|fazer login|redefin|aceitar|senha|' +
    'activeaza|autentific|conectare|reseteaza|parola|accepta|' +
    // Swedish, Danish, Norwegian, Finnish
    'bekrafta|verifiera|aktivera|logga in|aterstall|losenord|acceptera|bekræft|verificer|aktiver|log ind|nulstil|adgangskode|bekreft|' +
    'verifiser|logg inn|tilbakestill|passord|godta|vahvista|aktivoi|kirjaudu|nollaa|salasana|hyvaksy|' +
    // Polish, Czech, Slovak, Hungarian, Turkish
    'potwierdz|zweryfikuj|aktywuj|zaloguj|zresetuj|hasło|przyjmij|zaakceptuj|potvrd|overit|overte|aktivovat|aktivujte|prihlasit|prihlaste|' +
    'obnovit heslo|heslo|prijmout|prijat|megerosit|aktival|bejelentkez|jelszo|elfogad|dogrula|onayla|etkinlestir|giris yap|oturum ac|sifre|kabul et|' +
    // Greek, Russian, Ukrainian
    'επιβεβαιω|επαληθευ|ενεργοποι|συνδεσ|επαναφορα|κωδικο|αποδοχη|подтверд|активир|войти|вход|сброс|пароль|принять|восстанов|підтверд|' +
    'активув|увійти|вхід|скинути|прийняти|' +
    // Vietnamese, Indonesian
    'xac nhan|xac minh|kich hoat|đang nhap|đat lai|mat khau|chap nhan|konfirmasi|verifikasi|aktifkan|masuk|atur ulang|kata sandi|terima undangan',
  // Japanese, Chinese, Korean, Arabic, Hebrew, Hindi, Thai
  '確認|認証|有効化|ログイン|サインイン|リセット|パスワード|招待|承認|登録を完了|验证|驗證|确认|激活|啟用|登录|登入|重置|重設|密码|密碼|接受|인증|확인|활성화|로그인|재설정|' +
    '비밀번호|수락|تأكيد|تحقق|تفعيل|تسجيل الدخول|إعادة تعيين|كلمة المرور|قبول|אימות|אמת|אשר|אישור|הפעל|התחבר|כניסה|איפוס|סיסמ|קבל את|सत्यापित|पुष्टि|सक्रिय|लॉग इन|' +
    'लॉगिन|साइन इन|रीसेट|पासवर्ड|स्वीकार|ยืนยัน|เปิดใช้งาน|เข้าสู่ระบบ|รีเซ็ต|รหัสผ่าน',
)

const UNSUBSCRIBE_PATH =
  /unsub|opt-?_?out|d[ée]sabon|d[ée]sinscri|abmeld|abbestell|afmeld|uitschrijv|disiscri|leiratk|otpis|cancel-?subscri/
const ACTION_PATH =
  /verif|confirm|activat|validat|magic|passwordless|password|invit|recover|(?<![a-z])(?:log-?_?in|sign-?_?in|reset|accept|unlock|approve|authori[sz]e|otp|oobcode|join|passwd)(?![a-z])/
/** Of pages that explain how something is done. */
const HELP_PATH = /(?<![a-z])(?:help|support|faqs?|docs?|articles?|blog|kb|learn|guide|news|privacy|terms|legal)(?![a-z])/

/** Whether a link's text offers to stop mail like this, as {@link foldText} gives it. */
export const saysUnsubscribe = (folded: string): boolean => UNSUBSCRIBE(folded)
/** Whether it offers to verify, confirm, log in, reset, accept. */
export const saysAction = (folded: string): boolean => ACTION(folded)
/** Whether a path and query, in lower case, is called so. */
export const leadsToUnsubscribe = (path: string): boolean => UNSUBSCRIBE_PATH.test(path)
/** As {@link leadsToUnsubscribe}. */
export const leadsToAction = (path: string): boolean => ACTION_PATH.test(path)
/** As {@link leadsToUnsubscribe}. */
export const leadsToHelp = (path: string): boolean => HELP_PATH.test(path)

/** Of alphabets with spaces only at the beginning of words; of others anywhere. */
function compileWords(spaced: string, unspaced: string): (folded: string) => boolean {
  const atStart = new RegExp(`(?<![\\p{L}\\p{N}])(?:${spaced.split('|').map(foldText).join('|')})`, 'u')
  const anywhere = new RegExp(unspaced.split('|').map(foldText).join('|'), 'u')
  return (folded) => atStart.test(folded) || anywhere.test(folded)
}
