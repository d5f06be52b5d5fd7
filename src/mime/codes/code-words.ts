/** Words for what is looked for. Written as they are spelled; they are folded like the text (lexicon.ts says what the signs mean). */

import type { Phrases } from './lexicon.ts'

/** Words that name a one-time code and nothing else. */
export const ONE_TIME_WORDS: Phrases = {
  spaced: [
    // English
    '(verification|verify|security|log in|login|sign in|signin|sign up|confirmation|authentication|authenticator|authorization|authorisation|access|activation|auth|validation|recovery|reset|pairing|device|unlock|backup|registration|identity|identification|two factor|two step|2 step|2fa|mfa|otp|one time|single use|temporary|magic) (access |login |log in |sign in |security |verification |pass |)(code|codes|passcode|passcodes|pin)',
    '(one time|single use) (password|pass code|passcode|pass|key|number)',
    '(passcode|passcodes|otp|otps|otc|totp|security token|login token|confirmation token)',
    'code (to|for) (verify|confirm|sign in|signing in|log in|logging in|login|authenticate|verification)*',
    '(verification|confirmation|login) (pin|digits)',
    // German
    '(bestätigungs|bestaetigungs|sicherheits|verifizierungs|verifikations|authentifizierungs|anmelde|einmal|zugangs|freischalt|aktivierungs|login|prüf|pruef|registrierungs|zugriffs|wiederherstellungs|autorisierungs|freigabe|geräte|backup)(code|codes|pin)',
    '(login|sicherheits|bestätigungs|verifizierungs|einmal|anmelde) code(s|)',
    '(einmalpasswort|einmalkennwort|einmal passwort|mtan|m tan|smstan|sms tan|pushtan|push tan|itan|phototan|chiptan|tan nummer|passcode)',
    // French
    "(code|codes) (de |d |d'|d’|)(vérification|verification|confirmation|sécurité|connexion|validation|authentification|accès|activation|identification|récupération|à usage unique|usage unique|unique|temporaire|otp|pin)",
    '(mot de passe à usage unique|mot de passe temporaire|mot de passe unique)',
    // Spanish, Portuguese
    'código(s|) (de |)(verificación|seguridad|acceso|confirmación|autenticación|activación|inicio de sesión|validación|un solo uso|uso único|único|temporal|recuperación|ingreso|otp)',
    'código(s|) (de |)(verificação|segurança|acesso|confirmação|autenticação|ativação|activação|login|início de sessão|validação|uso único|utilização única|recuperação|temporário|entrada)',
    '(contraseña de un solo uso|clave de un solo uso|clave dinámica|contraseña temporal|senha de uso único|senha única|palavra passe de utilização única|clave temporal)',
    // Italian
    "(codice|codici) (di |d'|d’|)(verifica|sicurezza|accesso|conferma|autenticazione|attivazione|temporaneo|monouso|otp|convalida|autorizzazione|recupero|una tantum)",
    '(password monouso|password temporanea|password usa e getta)',
    // Dutch
    '(verificatie|bevestigings|beveiligings|inlog|toegangs|activerings|activatie|aanmeld|veiligheids|eenmalige|herstel)(code|codes)',
    '(eenmalige|tijdelijke) (code|inlogcode|pincode|toegangscode)',
    '(eenmalig wachtwoord|verificatie code)',
    // Swedish, Danish, Norwegian
    '(verifierings|bekräftelse|säkerhets|inloggnings|engångs|åtkomst|aktiverings|verifikations|bekræftelses|sikkerheds|engangs|login|godkendelses|adgangs|bekreftelses|sikkerhets|innloggings|pålogging|påloggings|autentiserings)(kod|koden|koder|kode|kodene|lösenord|lösenordet|adgangskode|passord|passordet)',
    // Finnish
    '(vahvistus|todennus|turva|kirjautumis|kerta|tunnistus|varmennus|kertakäyttö|aktivointi)(koodi*|salasana*|tunnus*)',
    'kertakäyttöinen (koodi*|salasana*)',
    // Polish
    'kod(u|em|y|) (weryfikacyjny*|weryfikacji|weryfikujący*|potwierdzający*|potwierdzenia|bezpieczeństwa|logowania|autoryzacyjny*|dostępu|jednorazowy*|aktywacyjny*|uwierzytelniający*|sms)',
    '(jednorazowy|jednorazowe|jednorazowego) (kod*|hasł*)',
    '(weryfikacyjny|jednorazowy) kod*',
    // Czech, Slovak
    '(ověřovací*|overovací*|potvrzovací*|potvrdzovací*|bezpečnostní*|bezpečnostný*|přihlašovací*|prihlasovací*|jednorázov*|autorizační*|autentizační*|aktivační*|přístupov*) (kód*|hesl*)',
    'kód(u|em|) (pro |k )(ověření|přihlášení|potvrzení)',
    // Russian, Ukrainian
    '(код*|паролем|пароль) (подтверждения|верификации|доступа|безопасности|авторизации|активации|проверки|аутентификации|для входа|для подтверждения|для авторизации|входа|восстановления)',
    '(проверочн*|одноразов*|защитн*|секретн*|разов*) (код*|парол*)',
    'код* (підтвердження|верифікації|доступу|безпеки|авторизації|активації|перевірки|для входу|входу|для підтвердження|відновлення)',
    '(одноразов*|перевірочн*) (код*|парол*)',
    // Greek
    'κωδικ(ός|ό|ού|οί|ους) (επαλήθευσης|επιβεβαίωσης|ασφαλείας|πρόσβασης|σύνδεσης|μιας χρήσης|ενεργοποίησης|ταυτοποίησης|πιστοποίησης|εισόδου)',
    'κωδικ(ός|ό|ού) (σας |σου |)(επαλήθευσης|επιβεβαίωσης|σύνδεσης)',
    // Turkish
    '(doğrulama|onay|güvenlik|giriş|aktivasyon|erişim|etkinleştirme|kimlik doğrulama|teyit) (kod*|şifre*)',
    'tek kullanımlık (kod*|şifre*|parola*|giriş kod*)',
    // Hebrew
    'ה?קוד (ה|)(אימות|אבטחה|כניסה|גישה|התחברות|הפעלה|חד פעמי|זיהוי)',
    '(סיסמה|סיסמא|קוד)* חד פעמי(ת|)',
    // Hindi
    '(सत्यापन|सुरक्षा|पुष्टिकरण|लॉगिन|लॉग इन|प्रमाणीकरण|एक्सेस|वेरिफिकेशन) (कोड|पिन)',
    '(ओटीपी|वन टाइम पासवर्ड|वन टाइम पासकोड|एकबारगी पासवर्ड)',
    // Vietnamese
    'mã (xác minh|xác thực|xác nhận|bảo mật|đăng nhập|kích hoạt|truy cập|otp|pin|một lần|kiểm tra)',
    '(mật khẩu|mật mã) (một lần|dùng một lần|otp)',
    // Indonesian, Malay
    'kode (verifikasi|keamanan|konfirmasi|masuk|login|akses|otp|otentikasi|autentikasi|aktivasi|sekali pakai)',
    'kod (pengesahan|keselamatan)',
    '(kata sandi|sandi) sekali pakai',
  ],
  joined: [
    // Arabic
    ...['رمز التحقق', 'رمز التأكيد', 'رمز الأمان', 'رمز الدخول', 'رمز التفعيل', 'رمز المصادقة', 'رمز تسجيل الدخول', 'رمز الوصول'],
    ...['رمز تحقق', 'رمز تأكيد', 'كود التحقق', 'كود التفعيل', 'كود التأكيد', 'كلمة مرور لمرة واحدة', 'كلمة المرور لمرة واحدة'],
    ...['رمز لمرة واحدة', 'الرمز المؤقت', 'رمز مؤقت', 'رقم التحقق'],
    // Chinese
    ...[
      '验证码',
      '驗證碼',
      '校验码',
      '校驗碼',
      '动态码',
      '動態碼',
      '动态密码',
      '動態密碼',
      '确认码',
      '確認碼',
      '一次性密码',
      '一次性密碼',
    ],
    ...[
      '登录码',
      '登入碼',
      '登入代碼',
      '登录代码',
      '安全码',
      '安全碼',
      '验证代码',
      '驗證代碼',
      '安全代码',
      '安全代碼',
      '认证码',
      '認證碼',
      '激活码',
      '启用码',
      '一次性代码',
      '一次性代碼',
      '动态口令',
      '确认代码',
      '確認代碼',
      '随机码',
      '授权码',
    ],
    // Japanese
    ...[
      '認証コード',
      '確認コード',
      '認証番号',
      '確認番号',
      'ワンタイムパスワード',
      'ワンタイムコード',
      'セキュリティコード',
      'ログインコード',
      '検証コード',
      'パスコード',
    ],
    ...[
      'ワンタイムパスコード',
      'アクセスコード',
      '認証キー',
      '認証用コード',
      '本人確認コード',
      'サインインコード',
      '確認用コード',
    ],
    // Korean
    ...[
      '인증번호',
      '인증 번호',
      '인증코드',
      '인증 코드',
      '확인코드',
      '확인 코드',
      '확인번호',
      '보안코드',
      '보안 코드',
      '일회용 비밀번호',
      '일회용 코드',
      '일회용 암호',
    ],
    ...['로그인 코드', '로그인코드', '일회용비밀번호', '확인 번호', '보안번호', '일회성 코드', '액세스 코드'],
    // Thai
    ...[
      'รหัสยืนยัน',
      'รหัสความปลอดภัย',
      'รหัสผ่านครั้งเดียว',
      'รหัสผ่านแบบใช้ครั้งเดียว',
      'รหัสเข้าสู่ระบบ',
      'รหัส otp',
      'รหัสotp',
      'รหัสการยืนยัน',
      'รหัสรักษาความปลอดภัย',
      'รหัสตรวจสอบ',
      'รหัสใช้ครั้งเดียว',
    ],
  ],
}

/** Words that may name another kind of code as well: they count fully only in a mail about signing in or confirming. */
export const CODE_WORDS: Phrases = {
  spaced: [
    ...[
      'code',
      'codes',
      'pin',
      'pin code',
      'token',
      'code(n|)',
      'zahlencode',
      'tan',
      'mtan',
      'ziffernfolge',
      'pincode',
      'zahlenfolge',
    ],
    ...[
      '(following|below) (number|digits)',
      '(enter|type|use|input|submit) (this|these) (number|digits)',
      '(introduce|introduzca|ingresa|ingrese|escribe|digite|digita|insira|introduza) (este|el siguiente|estos|o seguinte|estes) (número|numero|dígitos|digitos|números)',
      '(saisissez|entrez|tapez|recopiez) (ce|ces|le|les) (nombre|numéro|chiffres)( suivant*|)',
      '(geben sie|gib) (diese|die folgende|folgende) (zahl|nummer|ziffern|zahlenfolge)',
      '(inserisci|digita) (questo|il seguente) (numero|codice)',
      '(number|digits) (below|above)',
      'folgende (zahl|ziffern)',
      '(chiffres|nombre) suivant(s|)',
      'números siguientes',
    ],
    ...[
      'código',
      'códigos',
      'codice',
      'codici',
      'clave',
      'kod',
      'koden',
      'kode',
      'koodi',
      'koodin',
      'koodisi',
      'koodia',
      'tunnusluku*',
    ],
    ...['kodu', 'kodem', 'kody', 'kód', 'kódu', 'kódem', 'код', 'кода', 'кодом', 'коду', 'коды', 'пин код', 'пін код', 'пароль'],
    ...[
      'κωδικός',
      'κωδικό',
      'κωδικού',
      'kodunuz',
      'kodun',
      'kodunu',
      'kodunuzu',
      'şifreniz',
      'koda',
      'קוד',
      'הקוד',
      'בקוד',
      'קודך',
    ],
    ...['कोड', 'mã (của bạn|là)', 'kodenya', 'kodet', 'toegangsnummer', 'cijfercode'],
  ],
  joined: ['رمزك', 'الرمز', 'رمز', 'كود', '代码', '代碼', '密码为', '号码为', '口令', 'コード', '코드', 'รหัส'],
}
