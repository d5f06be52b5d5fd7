/** What is said around a code. Written as in code-words.ts. */

import type { Phrases } from './lexicon.ts'

/** Talk of signing in, of confirming, of keeping something to oneself: what makes `code` a one-time code. */
export const SIGN_IN_WORDS: Phrases = {
  spaced: [
    '(sign in|signing in|sign up|signing up|log in|logging in|login|log on|verify|verifying|verification|authenticate|authentication|two factor|2fa|mfa|two step|2 step|confirm your|confirm that|confirm it|identity|reset your password|password reset|expires|expire|valid for|only once|one time|single use|your account|new device|unlock|pair|pairing|activate)',
    "(do not|don't|don’t|never) (share|forward|give|disclose|tell)",
    '(anmelden|anmeldung|einloggen|login|verifizieren|bestätigen|bestätigung|authentifizierung|zwei faktor*|gültig|läuft ab|abläuft|weitergeben|weiter|identität|konto|überweisung|transaktion|freigabe|freigeben|passwort zurücksetzen|registrierung)',
    '(connexion|connecter|vérifier|vérification|confirmer|authentification|valable|expire|expirera|ne partagez|ne communiquez|identité|compte|inscription|réinitialis*)',
    '(iniciar sesión|inicio de sesión|verificar|verificación|confirmar|confirma|autenticación|válido|caduca|expira|vence|no compartas|no comparta*|identidad|cuenta|acceder|registro|restablecer)',
    '(entrar|login|iniciar sessão|verificar|verificação|confirmar|confirme|autenticação|válido|expira|não compartilhe|não partilhe|identidade|conta|acessar|acesso|cadastro|redefinir)',
    '(accedere|accesso|verificare|verifica|confermare|conferma|autenticazione|valido|scade|non condividere|identità|account|registrazione|reimpostare)',
    '(inloggen|aanmelden|verifiëren|verificatie|bevestigen|bevestig|authenticatie|geldig|verloopt|deel deze|deel nooit|identiteit|account)',
    '(logga in|inloggning|verifiera|bekräfta|giltig|upphör|går ut|dela aldrig|dela inte|identitet|konto|log ind|logge ind|bekræft|bekræfte|gyldig|udløber|del ikke|del aldrig|logg inn|logge inn|bekreft|bekrefte|utløper)',
    '(kirjaudu|kirjautu*|vahvista*|voimassa|vanhenee|älä jaa|tili*|tunnistautu*)',
    '(zaloguj*|logowani*|zweryfik*|weryfikac*|potwierdz*|ważny|wygasa|wygaśnie|nie udostępniaj|konto|konta|tożsamoś*)',
    '(přihlá*|prihlás*|ověř*|over*|potvrď*|potvrz*|platný|platí|platnost|vyprší|nesdílejte|účet|účtu|totožnost)',
    '(войти|вход*|подтверд*|подтвержд*|провер*|действителен|действует|истекает|истечет|не сообщайте|никому|аккаунт*|авториз*|регистрац*|учетн*)',
    '(увійти|вхід|входу|підтверд*|підтвердж*|дійсний|діє|спливає|закінчується|не повідомляйте|нікому|акаунт*|обліков*|реєстрац*)',
    '(σύνδεση|συνδεθ*|επαλήθευσ*|επαληθεύ*|επιβεβαί*|ισχύει|λήγει|μην μοιρα*|λογαριασμ*|ταυτότητ*)',
    '(giriş*|oturum*|doğrula*|onayla*|geçerli*|paylaşma*|hesab*|kimli*)',
    '(להתחבר|התחברות|כניסה|להיכנס|לאמת|אימות|תקף|בתוקף|יפוג|אל תשתף|אל תשתפו|חשבון|לאשר)',
    '(लॉगिन|लॉग इन|साइन इन|सत्यापित|सत्यापन|पुष्टि|मान्य|वैध|साझा न|शेयर न|खाते|समाप्त)',
    '(đăng nhập|xác minh|xác thực|xác nhận|hiệu lực|hết hạn|không chia sẻ|tài khoản|đăng ký)',
    '(masuk|login|verifikasi|konfirmasi|berlaku|kedaluwarsa|kadaluarsa|jangan bagikan|jangan berikan|akun|identitas|mendaftar)',
  ],
  joined: [
    ...['تسجيل الدخول', 'التحقق', 'تأكيد', 'صالح', 'تنتهي', 'ينتهي', 'لا تشارك', 'حسابك', 'تسجيل'],
    ...[
      '登录',
      '登錄',
      '登入',
      '验证',
      '驗證',
      '确认',
      '確認',
      '有效',
      '过期',
      '過期',
      '请勿',
      '請勿',
      '不要告诉',
      '账户',
      '帳戶',
      '注册',
      '註冊',
      '泄露',
      '洩漏',
    ],
    ...['ログイン', 'サインイン', '認証', '有効', '期限', '共有しないで', '教えないで', 'アカウント', '登録', '本人確認'],
    ...['로그인', '인증', '확인', '유효', '만료', '공유하지', '알려주지', '계정', '가입'],
    ...['เข้าสู่ระบบ', 'ยืนยัน', 'หมดอายุ', 'ใช้ได้', 'ห้ามเปิดเผย', 'อย่าเปิดเผย', 'บัญชี', 'สมัคร'],
  ],
}

/** Asks to keep it to oneself, or says that it runs out: nobody says so of the code of a product. */
export const SECRET_WORDS: Phrases = {
  spaced: [
    "(do not|don't|don’t|never) (share|forward|give|disclose|tell)|expires|expire|valid for the next|to (sign in|log in|verify|confirm)",
    '(nicht|niemals) (weiter|weitergeben)|läuft ab|abläuft|ne (partagez|communiquez)|expire dans|no (lo |la |)(compartas|comparta*)|caduca|no compartir|não (compartilhe|partilhe)|expira|non condivider*|scade|deel (deze|nooit)|verloopt|dela (aldrig|inte)|upphör|del (ikke|aldrig)|udløber|utløper|älä jaa|vanhenee|nie udostępniaj|wygas*|nesdílejte|vyprší',
    'не (сообщайте|говорите|передавайте)|никому|истекает|не повідомляйте|нікому|спливає|μην (τον |)(μοιρα*|κοινοποι*)|λήγει|paylaşma*|אל תשתפו|אל תשתף|साझा न|शेयर न|không chia sẻ|jangan (bagikan|berikan)|kedaluwarsa',
  ],
  joined: [
    'لا تشارك',
    'تنتهي',
    '请勿告',
    '请勿泄',
    '请勿转',
    '请勿分享',
    '请勿向',
    '请勿将',
    '请勿提供',
    '請勿告',
    '請勿洩',
    '請勿轉',
    '請勿分享',
    '請勿向',
    '請勿將',
    '請勿提供',
    '切勿告',
    '切勿泄',
    '切勿转',
    '切勿分享',
    '切勿向',
    '切勿将',
    '过期',
    '過期',
    '教えないで',
    '共有しないで',
    '有効期限',
    '공유하지',
    '알려주지',
    '만료',
    'ห้ามเปิดเผย',
    'อย่าเปิดเผย',
    'หมดอายุ',
  ],
}

/** Stands before `code` where it is the one that was asked for; any other word there makes it a code of that kind. */
export const OWN_WORDS: Phrases = {
  spaced: [
    '(your|the|this|that|a|an|following|below|new|digit|digits|with|use|enter|type|temporary|our)',
    '(ihr|ihre|ihren|dein|deine|deinen|der|die|das|den|dem|diesen|dieser|diese|folgende*|mit|neue*|stellig*|einen|ein|per)',
    '(votre|vos|le|la|les|ce|ton|un|une|suivant|avec|voici|nouveau|tu|su|el|este|un|una|siguiente|con|nuevo|seu|sua|teu|o|os|este|esse|um|seguinte|com|novo|il|tuo|suo|questo|lo|seguente|nuovo|i)',
    '(je|jouw|uw|de|het|deze|onderstaande|volgende|een|met|din|ditt|den|denna|denne|följande|følgende|med|en|ett|seuraava*|tämä*|twój|twoj*|ten|poniższ*|nastepuj*|to|váš|vas|tento|následující*|tvůj|poniższy)',
    '(ваш*|твой|этот|этим|следующ*|введите|цей|ваш|наступн*|введіть|τον|ο|το|σας|παρακατω|αυτον|bu|asagidaki|su|sizin|आपका|यह|निम्न*|नीचे|दिया|anda|ini|berikut|mu|ban|nay|sau)',
  ],
  joined: [],
}

/** Makes `code` the reader's own: enough where a mail says nothing else of what it is for. */
export const YOUR_WORDS: Phrases = {
  spaced: [
    '(your|ihr|ihre|dein|deine|votre|ton|tu|su|seu|teu|tuo|suo|uw|je|jouw|din|twój|váš|tvůj|ваш|твой|твій|sizin|आपका|anda)',
  ],
  joined: ['您的', '你的', 'あなたの', '고객님의', 'ของคุณ', 'الخاص بك'],
}

/** Asks to type something in; it stands before what is to be typed or, in some languages, behind it. */
export const ENTER_WORDS: Phrases = {
  spaced: [
    '(enter|type|type in|use|using|input|submit|paste|copy|provide|insert|put in)',
    '(gib|geben sie|gebe|eingeben|ein|verwende|verwenden sie|nutze|nutzen sie|benutze|tippe|verwenden)',
    '(saisissez|saisir|saisis|entrez|utilisez|utilise|tapez|indiquez|renseignez|recopiez)',
    '(introduce|introduzca|ingresa|ingrese|ingresá|usa|use|utiliza|utilice|escribe|escriba|teclea|digite|digita|insira|introduza|utilize|informe|escreva)',
    '(inserisci|inserire|inserisca|digita|usa|utilizza|immetti|voer|vul|gebruik|typ|toets|ange|använd|skriv in|mata in|indtast|brug|skriv inn|tast inn|bruk|syötä|käytä|anna|kirjoita)',
    '(wpisz|wprowadź|użyj|podaj|zadejte|použijte|zadaj|zadajte|opište|введите|используйте|укажите|наберите|введіть|використайте|використовуйте|вкажіть)',
    '(εισάγετε|εισαγάγετε|πληκτρολογήστε|χρησιμοποιήστε|girin|giriniz|kullanın|yazın|kullanarak|kullanabilirsiniz)',
    '(הזן|הזינו|הזיני|הקלד|הקלידו|השתמש|השתמשו|דर्ज|दर्ज|डालें|उपयोग|इस्तेमाल|nhập|sử dụng|dùng|masukkan|masukan|gunakan|ketik)',
  ],
  joined: ['أدخل', 'استخدم', 'ادخل', '输入', '輸入', '使用', '填写', '填寫', '入力', '입력', '사용', 'กรอก', 'ใส่', 'ใช้', 'ป้อน'],
}

/** Says of a code that it counts no more. */
export const SPENT_WORDS: Phrases = {
  spaced: [
    '(has|have|had|already|is|are|was|now) (now |already |just |)(expired|been used|used|invalid|revoked|cancelled|canceled|been cancelled|been revoked|been replaced|no longer valid|not valid|deactivated|been deactivated|incorrect|wrong)',
    '(expired|no longer (valid|works|work)|previous|previously|old|earlier|outdated|invalid|cancelled|revoked|superseded)',
    '(abgelaufen|ungültig|bereits verwendet|nicht mehr gültig|alte|alter|alten|vorherige*|früher*|a expiré|expiré|périmé|ancien|précédent|n est plus valable)',
    "(n'est plus valable|n’est plus valable|n'est plus valide|ha caducado|ha expirado|ya no es válido|caducado|anterior|expirou|já não é válido|não é mais válido|expirado|è scaduto|scaduto|precedente|non è più valido)",
    '(is verlopen|verlopen|niet meer geldig|vorige|har gått ut|har upphört|gamla|inte längre giltig|er udløbet|udløbet|er utløpt|gamle|ikke længere gyldig|ikke lenger gyldig|vanhentunut|vanha|ei ole enää voimassa|edellinen)',
    '(wygasł|stracił ważność|nieważny|stary|poprzedni|vypršel|vypršela|již neplatí|neplatný|starý|předchozí|истек|истёк|недействителен|больше не действителен|старый|предыдущий|прежний|більше не дійсний|недійсний|минув|старий|попередній)',
    '(έληξε|έχει λήξει|δεν ισχύει|παλι*|προηγούμεν*|süresi doldu|süresi dolmuş|geçersiz|eski|önceki|פג|פג תוקף*|אינו תקף|הקודם|हो चुका|हो गया|अमान्य|पिछला|पुराना|đã hết hạn|hết hiệu lực|không còn hiệu lực|cũ|trước đó|sudah kedaluwarsa|telah kedaluwarsa|tidak berlaku|lama|sebelumnya)',
  ],
  joined: [
    ...[
      'انتهت صلاحية',
      'انتهت صلاحيته',
      'لم يعد صالح',
      'السابق',
      'القديم',
      '已过期',
      '已過期',
      '已失效',
      '失效了',
      '已使用',
      '作废',
      '无效',
      '無效',
      '之前的',
      '旧',
    ],
    ...[
      '期限が切れ',
      '期限切れ',
      '無効',
      '以前の',
      '古い',
      '使用済み',
      '만료되었',
      '만료됐',
      '이전',
      '무효',
      '사용된',
      'หมดอายุแล้ว',
      'เก่า',
      'ก่อนหน้า',
      'ใช้แล้ว',
      'ไม่ถูกต้อง',
    ],
  ],
}

/** Gives the next word as an example; it stands right before it. */
export const EXAMPLE_WORDS: Phrases = {
  spaced: [
    '(e.g.|eg|for example|for instance|such as|like|example|sample|looks like|something like|similar to|avoid|never use|do not use)',
    '(z.b.|zum beispiel|beispielsweise|etwa|wie|par exemple|p. ex.|comme|tel que|telle que|tels que|por ejemplo|p. ej.|como|por exemplo|per esempio|ad esempio|come|bijvoorbeeld|bijv.|zoals|till exempel|t.ex.|for eksempel|f.eks.|esimerkiksi|kuten|na przykład|np.|takie jak|například|např.|jako|например|такие как|например как|наприклад|для прикладу|για παράδειγμα|π.χ.|όπως|örneğin|mesela|למשל|כגון|כמו|उदाहरण|जैसे|ví dụ|chẳng hạn|misalnya|contohnya|seperti|contoh)',
  ],
  joined: ['على سبيل المثال', 'مثل', '例如', '比如', '例えば', '예를 들어', 'ตัวอย่าง', 'เช่น'],
}

/** Says that nobody will ask for a code: what follows in the sentence is no code of now. */
export const NEVER_ASK_WORDS: Phrases = {
  spaced: [
    '(never|not) (ask|asks|asking|call|request|contact|email)',
    '(nie|niemals) (nach|fragen|bitten|auffordern)|(werden|wird) (sie |dich |)(nie|niemals)',
    '(demanderons|demandera) jamais|ne vous demande*|nunca (te |le |lhe |)(pediremos|pedirá*|solicitaremos|pedimos|solicita*)|non ti chiede* mai|non chiede* mai|nooit (om|vragen)|(aldrig|aldri) (be|ber|fråga*|spør*)|emme koskaan',
    'nigdy nie (poprosi*|pyta*|prosi*)|nikdy (vás |)(nežád*|nebud*)|никогда не (спрос*|запраш*|прос*|попрос*)|ніколи не (запит*|прос*|попрос*)|ποτέ δεν|asla (istemez*|sorma*|talep)|לעולם לא|कभी (भी |)नहीं|không bao giờ|tidak (akan |)pernah',
  ],
  joined: [
    'لن نطلب',
    'لن نسأل',
    '不会向您索要',
    '不會向您索取',
    '不会索要',
    '求めることは',
    'お尋ねすることは',
    '요구하지 않',
    '묻지 않',
    'จะไม่ขอ',
    'จะไม่ถาม',
  ],
}
