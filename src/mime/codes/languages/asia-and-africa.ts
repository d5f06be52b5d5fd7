/** Words of languages of Asia and Africa beside those in code-words.ts: stems with the endings that the languages hang on them. */

import type { Language } from './language.ts'

const PERSIAN: Language = {
  oneTime: [
    '(کد|رمز|رمز عبور|گذرواژه|کلمه عبور) (تایید|تائید|ورود|امنیتی|فعال سازی|فعالسازی|احراز هویت|یکبار مصرف|یک بار مصرف|بازیابی|دسترسی|پویا|موقت|دوم پویا|اعتبارسنجی|اعتبار سنجی)',
  ],
  code: ['کد', 'کد شما', 'کدتان', 'رمز'],
  leads: ['(شما|شما برابر است با|عبارت است از|زیر)'],
  own: ['(شما|این|زیر)'],
  your: ['(شما|تان)'],
  enter: ['(وارد کنید|وارد نمایید|استفاده کنید|را وارد|بنویسید)'],
  signIn: ['(ورود|تایید|تائید|حساب|حساب کاربری|هویت|ثبت نام|اعتبار|معتبر|منقضی|در اختیار|فاش نکنید|به اشتراک نگذارید)'],
  spent: ['(منقضی شده*|معتبر نیست|باطل|استفاده شده*|قبلی)'],
  neverAsk: ['(هرگز|هیچگاه|هیچ گاه)'],
  example: ['(مثلا|برای مثال|به عنوان مثال|مانند)'],
  labels: [
    'کد (پستی|ملی|رهگیری|پیگیری|مشتری|محصول|سفارش|خطا|مرسوله|اقتصادی)',
    '(شماره|سفارش|فاکتور|تلفن|پشتیبانی)( (سفارش|فاکتور|تلفن|مشتری|پیگیری|حساب|کارت)|)',
  ],
  promotions: ['کد (تخفیف|هدیه|معرف|دعوت)'],
  lasting: ['(معتبر|اعتبار|منقضی|ظرف)'],
}

const URDU: Language = {
  oneTime: [
    '(تصدیقی|تصدیق|توثیقی|سیکیورٹی|سکیورٹی|حفاظتی|لاگ ان|یک وقتی|ون ٹائم|ویریفیکیشن|تصدیق کا|تصدیق کے لیے) (کوڈ|پن|پاس ورڈ|پاسورڈ)',
    'او ٹی پی',
  ],
  code: ['کوڈ'],
  leads: ['(یہ ہے)'],
  own: ['(آپ کا|آپکا|یہ|درج ذیل)'],
  your: ['(آپ کا|آپکا)'],
  enter: ['(درج کریں|استعمال کریں|لکھیں|درج)'],
  signIn: ['(لاگ ان|تصدیق|اکاؤنٹ|سائن ان|شیئر نہ|کارآمد|میعاد|رجسٹر*|شناخت)'],
  spent: ['(ختم ہو (چکا|چکی|گئی|گیا)|غلط|پرانا|استعمال ہو چکا)'],
  neverAsk: ['کبھی (بھی |)نہیں'],
  example: ['(مثال کے طور پر|مثلا|جیسے)'],
  labels: ['(پوسٹل|پوسٹ|ایریا|پروڈکٹ|ایرر) کوڈ', '(آرڈر|انوائس|فون|نمبر|کسٹمر|ٹکٹ|بل)( نمبر|)'],
  promotions: ['(پرومو|رعایتی|ڈسکاؤنٹ|کوپن) کوڈ'],
  lasting: ['(کارآمد|میعاد|ختم|قابل استعمال|کے لیے)'],
}

const BENGALI: Language = {
  oneTime: [
    '(যাচাইকরণ|যাচাই|ভেরিফিকেশন|নিরাপত্তা|লগইন|লগ ইন|নিশ্চিতকরণ|ওয়ান টাইম|এককালীন|সিকিউরিটি|প্রমাণীকরণ|অ্যাক্টিভেশন) (কোড*|পিন*|পাসওয়ার্ড*)',
    'ওটিপি*',
  ],
  code: ['কোড*'],
  leads: ['(হলো|হল|হচ্ছে)'],
  own: ['(আপনার|তোমার|এই|নিচের)'],
  your: ['(আপনার|তোমার)'],
  enter: ['(লিখুন|দিন|ব্যবহার করুন|প্রবেশ করান|ব্যবহার)'],
  signIn: ['(যাচাই*|লগইন*|লগ ইন*|সাইন ইন*|অ্যাকাউন্ট*|নিশ্চিত*|শেয়ার করবেন না|মেয়াদ*|বৈধ*|নিবন্ধন*)'],
  spent: ['(মেয়াদ শেষ হয়েছে|মেয়াদোত্তীর্ণ|অবৈধ|পুরনো|ব্যবহৃত)'],
  neverAsk: ['(কখনো|কখনও|কখনোই) (চাই|জিজ্ঞাসা|আপনার)*'],
  example: ['(উদাহরণস্বরূপ|যেমন)'],
  labels: ['(পোস্টাল|পোস্ট|এরিয়া|পণ্য|ত্রুটি) কোড*', '(অর্ডার|চালান|ফোন|গ্রাহক|নম্বর|নাম্বার|ইনভয়েস|হটলাইন|হেল্পলাইন)( (নম্বর|নাম্বার|আইডি)|)'],
  promotions: ['(প্রোমো|কুপন|ছাড়ের|ডিসকাউন্ট) কোড*'],
  lasting: ['(মেয়াদ*|বৈধ*|কার্যকর|মধ্যে)'],
}

const DRAVIDIAN: Language = {
  oneTime: [
    '(சரிபார்ப்பு|சரிபார்ப்புக்|பாதுகாப்பு|பாதுகாப்புக்|உள்நுழைவு|உள்நுழைவுக்|உறுதிப்படுத்தல்|உறுதிப்படுத்தும்|ஒருமுறை|ஒரு முறை|அங்கீகார|அங்கீகாரக்) (குறியீ*|கடவுச்சொல்*|கடவுக்குறி*|எண்*)',
    '(ధృవీకరణ|ధ్రువీకరణ|భద్రతా|లాగిన్|వెరిఫికేషన్|వన్ టైమ్|నిర్ధారణ) (కోడ్*|పాస్వర్డ్*|పిన్*)',
    '(ಪರಿಶೀಲನಾ|ಪರಿಶೀಲನೆ|ದೃಢೀಕರಣ|ಭದ್ರತಾ|ಲಾಗಿನ್|ಒಂದು ಬಾರಿಯ) (ಕೋಡ್*|ಸಂಕೇತ*|ಪಾಸ್ವರ್ಡ್*)',
    '(സ്ഥിരീകരണ|പരിശോധനാ|സുരക്ഷാ|ലോഗിൻ|ലോഗിന്|വെരിഫിക്കേഷൻ|ഒറ്റത്തവണ) (കോഡ*|പാസ്*)',
    '(ஓடிபி|ఓటీపీ|ఒటిపి|ಒಟಿಪಿ|ഒടിപി)',
  ],
  code: ['குறியீ*', 'కోడ్*', 'ಕೋಡ್*', 'കോഡ*'],
  own: ['(உங்கள்|இந்த|మీ|ఈ|ನಿಮ್ಮ|ಈ|നിങ്ങളുടെ|ഈ)'],
  your: ['(உங்கள்|మీ|ನಿಮ್ಮ|നിങ്ങളുടെ)'],
  enter: ['(உள்ளிடவும்|உள்ளிடுங்கள்|பயன்படுத்தவும்|பயன்படுத்துங்கள்|నమోదు చేయండి|ఉపయోగించండి|ఎంటర్ చేయండి|ನಮೂದಿಸಿ|ಬಳಸಿ|നൽകുക|ഉപയോഗിക്കുക)'],
  signIn: [
    '(உள்நுழை*|சரிபார்*|கணக்*|பகிர*|செல்லுபடி*|காலாவதி*|உறுதி*|లాగిన్*|ధృవీక*|ధ్రువీక*|ఖాతా*|షేర్ చేయ*|పంచుకో*|చెల్లు*|ಲಾಗಿನ್*|ಪರಿಶೀಲ*|ದೃಢೀಕ*|ಖಾತೆ*|ಹಂಚಿಕೊಳ್ಳ*|ಮಾನ್ಯ*|ലോഗിൻ*|സ്ഥിരീകര*|അക്കൗണ്ട*|പങ്കിട*|സാധുവ*|കാലഹരണ*)',
  ],
  spent: ['(காலாவதியானது|காலாவதியாகிவிட்டது|గడువు ముగిసింది|ಅವಧಿ ಮುಗಿದಿದೆ|കാലഹരണപ്പെട്ടു)'],
  neverAsk: ['(ஒருபோதும்|எப்போதும்|ఎప్పుడూ|ಎಂದಿಗೂ|ഒരിക്കലും)'],
  example: ['(எடுத்துக்காட்டாக|உதாரணமாக|ఉదాహరణకు|ಉದಾಹರಣೆಗೆ|ഉദാഹരണത്തിന്)'],
  labels: [
    '(அஞ்சல்|பிழைக்|தயாரிப்பு) குறியீ*|(పిన్|పోస్టల్) కోడ్*|ಪಿನ್ ಕೋಡ್*|പിൻ കോഡ*',
    '(ஆர்டர்|தொலைபேசி|வாடிக்கையாளர்|எண்|விலைப்பட்டியல்|ఆర్డర్|ఫోన్|నంబర్|నెంబర్|ఇన్వాయిస్|ಆರ್ಡರ್|ದೂರವಾಣಿ|ಸಂಖ್ಯೆ|ഓർഡർ|ഫോൺ|നമ്പർ)( (எண்|నంబర్|నెంబర్|ಸಂಖ್ಯೆ|നമ്പർ)|)',
  ],
  promotions: ['(தள்ளுபடி|கூப்பன்|డిస్కౌంట్|కూపన్|ప్రోమో|ರಿಯಾಯಿತಿ|ಕೂಪನ್|കൂപ്പൺ|ഡിസ്കൗണ്ട്) (குறியீ*|కోడ్*|ಕೋಡ್*|കോഡ*)'],
  lasting: ['(செல்லுபடி*|காலாவதி*|చెల్లు*|గడువు|ಮಾನ್ಯ*|ಅವಧಿ|സാധുവ*|കാലഹരണ*)'],
}

const INDIC: Language = {
  oneTime: [
    '(पडताळणी|पुष्टीकरण|प्रमाणीकरण|सुरक्षा|लॉगिन|सत्यापन|एकदाच वापरण्याचा|व्हेरिफिकेशन|पुष्टि|प्रमाणिकरण) (कोड*|पासवर्ड|पिन|संकेत*)',
    '(ચકાસણી|વેરિફિકેશન|સુરક્ષા|લૉગિન|લોગિન|પુષ્ટિ|પુષ્ટિકરણ|વન ટાઇમ|સત્યાપન) (કોડ*|પિન|પાસવર્ડ)',
    '(ਪੁਸ਼ਟੀਕਰਨ|ਪੁਸ਼ਟੀ|ਤਸਦੀਕ|ਵੈਰੀਫਿਕੇਸ਼ਨ|ਸੁਰੱਖਿਆ|ਲੌਗਇਨ|ਲਾਗਇਨ|ਲੌਗਿਨ) (ਕੋਡ*|ਪਿੰਨ|ਪਾਸਵਰਡ)',
    '(ઓટીપી|ਓਟੀਪੀ)',
    '(සත්යාපන|ආරක්ෂක|තහවුරු කිරීමේ) (කේත*|අංක*)',
  ],
  code: ['कोड*', 'કોડ*', 'ਕੋਡ*', 'කේතය'],
  leads: ['(आहे|છે|ਹੈ|हो)'],
  own: ['(तुमचा|आपला|तपाईंको|हा|हे|તમારો|આ|ਤੁਹਾਡਾ|ਇਹ|ඔබගේ|ඔබේ)'],
  your: ['(तुमचा|आपला|तपाईंको|તમારો|ਤੁਹਾਡਾ|ඔබගේ|ඔබේ)'],
  enter: ['(टाका|प्रविष्ट करा|वापरा|प्रयोग गर्नुहोस्|દાખલ કરો|વાપરો|ઉપયોગ કરો|ਦਾਖਲ ਕਰੋ|ਦਰਜ ਕਰੋ|ਵਰਤੋ|ඇතුළත් කරන්න)'],
  signIn: [
    '(लॉगिन*|पडताळणी*|खाते|खात्या*|शेअर करू नका|वैध|मुदत|खाता|લૉગિન*|લોગિન*|ચકાસણી*|ખાતા*|એકાઉન્ટ*|શેર કરશો નહીં|શેર ન|માન્ય|ਲੌਗਇਨ*|ਲਾਗਇਨ*|ਪੁਸ਼ਟੀ*|ਖਾਤੇ*|ਸਾਂਝਾ ਨਾ|ਵੈਧ|ගිණුම*|සත්යාපන*)',
  ],
  spent: ['(कालबाह्य|मुदत संपली|અમાન્ય|સમયસમાપ્ત|ਮਿਆਦ ਪੁੱਗ*)'],
  neverAsk: ['(कधीही|कधीच|कहिल्यै|ક્યારેય|ਕਦੇ ਵੀ|ਕਦੇ)'],
  example: ['(उदाहरणार्थ|उदाहरणका लागि|ઉદાહરણ તરીકે|ਉਦਾਹਰਨ ਲਈ)'],
  labels: ['(पिन|પિન|ਪਿੰਨ|ਪਿਨ) (कोड*|કોડ*|ਕੋਡ*)', '(ऑर्डर|ઓર્ડર|ઇન્વૉઇસ|ફોન|નંબર|ગ્રાહક|ਆਰਡਰ|ਫ਼ੋਨ|ਫੋਨ|ਨੰਬਰ|ਗਾਹਕ)( (क्रमांक|નંબર|ਨੰਬਰ)|)'],
  promotions: ['(कूपन|सवलत|કૂપન|પ્રોમો|ડિસ્કાઉન્ટ|ਕੂਪਨ|ਪ੍ਰੋਮੋ|ਛੂਟ) (कोड*|કોડ*|ਕੋਡ*)'],
  lasting: ['(वैध|मुदत|માન્ય|સમાપ્ત|ਵੈਧ|ਮਿਆਦ|ਲਈ|માટે|साठी)'],
}

const MALAY_FILIPINO: Language = {
  oneTime: [
    'kod (pengesahan|keselamatan|log masuk|akses|pengaktifan|sekali guna|otp|pemulihan|tac|verifikasi)',
    '(nombor|no|kod) tac',
    'kata laluan sekali guna',
    '(code|kodigo) (ng|sa|para sa) (pagpapatunay|pag verify|pagberipika|beripikasyon|seguridad|pag log in|pag login|kumpirmasyon)',
  ],
  code: ['kod', 'kodigo', 'code'],
  leads: ['(ialah|adalah|anda|ay|mo ay|mo)'],
  own: ['(anda|ini|berikut|iyong|ang|mo|ito|itong)'],
  your: ['(anda|iyong|mo)'],
  enter: ['(masukkan|gunakan|taipkan|ilagay|gamitin|i enter|i type|ipasok)'],
  signIn: [
    '(log masuk|pengesahan|sahkan|akaun|sah selama|tamat tempoh|jangan (kongsi|dedahkan|beri)*|mag log in|i verify|account mo|huwag (ibahagi|ibigay)|valid ang)',
  ],
  spent: ['(telah tamat tempoh|tidak sah|telah digunakan|expired na|luma)'],
  neverAsk: ['(tidak (akan |)(sekali kali |)pernah|hinding hindi)'],
  example: ['(contohnya|sebagai contoh|halimbawa)'],
  labels: [
    '(kod|poskod) (pos|produk|bar|ralat|pelanggan|negara)',
    '(poskod|pesanan|invois|telefon|pelanggan|nombor|numero ng order|telepono)',
  ],
  promotions: ['kod (promosi|diskaun|baucar|promo|rujukan)'],
  lasting: ['(sah selama|tamat|dalam masa|valid sa loob|mag expire|mawawalan)'],
}

const SWAHILI: Language = {
  oneTime: [
    '(nambari|namba|msimbo|kodi) (yako |wako |)(ya |wa |)(uthibitishaji|uthibitisho|kuthibitisha|kuingia|usalama|siri ya mara moja|mara moja)',
    'nenosiri (lako |)la (mara moja|muda)',
  ],
  code: ['msimbo', 'msimbo wako', 'nambari yako', 'namba yako'],
  leads: ['(ni|yako|wako)'],
  own: ['(yako|wako|hii|huu|ifuatayo|ufuatao)'],
  your: ['(yako|wako)'],
  enter: ['(weka|ingiza|tumia|andika)'],
  signIn: ['(kuingia|ingia|thibitisha|kuthibitisha|uthibitishaji|akaunti|usimpe|usishiriki|itaisha|utaisha|halali)'],
  spent: ['(imeisha muda|umeisha muda|si halali)'],
  neverAsk: ['(kamwe|hatutawahi)'],
  example: ['kwa mfano'],
  labels: ['(msimbo|nambari|namba) (wa |ya |)(posta|agizo|oda|simu|ankara|mteja|bidhaa)', '(agizo|ankara|simu|oda)'],
  promotions: ['msimbo wa (punguzo|ofa)'],
  lasting: ['(itaisha|utaisha|halali|ndani ya)'],
}

const TURKIC: Language = {
  oneTime: [
    '(təsdiq|təsdiqləmə|doğrulama|təhlükəsizlik|giriş|aktivasiya|birdəfəlik|bərpa) (kod*|şifrə*|parol*)',
    '(tasdiqlash|tasdiq|xavfsizlik|kirish|faollashtirish|bir martalik|tekshirish) (kod*|parol*)',
    '(растау|қауіпсіздік|кіру|бір реттік|бір жолғы|тексеру|белсендіру|верификация|ырастоо) (код*|құпиясөз*|құпия сөз*|пароль*)',
  ],
  code: ['kod(unuz|u|un|unuzu|ingiz|i|ni|)', 'код(ыңыз|ы|ты|)'],
  own: ['(sizin|bu|aşağıdakı|sizning|ushbu|quyidagi|сіздің|осы|мына|төмендегі)'],
  your: ['(sizin|sizning|сіздің|kodunuz|kodingiz|кодыңыз)'],
  enter: ['(daxil edin|istifadə edin|yazın|kiriting|foydalaning|енгізіңіз|пайдаланыңыз)'],
  signIn: [
    '(təsdiq*|hesab*|giriş*|daxil ol*|etibarlıdır|paylaşmayın|tasdiq*|hisob*|kirish*|amal qiladi|hech kimga|растау*|тіркелгі*|аккаунт*|кіру*|жарамды|ешкімге)',
  ],
  spent: ['(vaxtı bitib|etibarsız*|muddati tugagan|yaroqsiz|мерзімі өтті|жарамсыз)'],
  neverAsk: ['(heç vaxt|hech qachon|ешқашан)'],
  example: ['(məsələn|masalan|мысалы)'],
  labels: [
    '(poçt|pochta|məhsul|mahsulot|müştəri|mijoz|пошта|тауар) (kod*|indeks*|код*|индекс*)',
    '(sifariş*|buyurtma*|faktura*|telefon*|тапсырыс*|буюртма*)( (raqami|nömrəsi|нөмірі)|)',
  ],
  promotions: ['(endirim|kupon|chegirma|promo|жеңілдік) (kod*|код*)'],
  lasting: ['(etibarlıdır|etibarlı|amal qiladi|davomida|жарамды|ішінде|ərzində)'],
}

const CAUCASIAN_AND_AMHARIC: Language = {
  oneTime: [
    '(დადასტურების|ვერიფიკაციის|უსაფრთხოების|ავტორიზაციის|შესვლის|ერთჯერადი|აქტივაციის) (კოდ*|პაროლ*)',
    '(հաստատման|անվտանգության|մուտքի|միանգամյա|վավերացման|ակտիվացման|մեկանգամյա) (կոդ*|ծածկագ*|գաղտնաբառ*)',
    '(የማረጋገጫ|የደህንነት|የመግቢያ|የይለፍ|የአንድ ጊዜ) (ኮድ*|ቁጥር*|የይለፍ ቃል*)',
  ],
  code: ['კოდ*', 'կոդ*', 'ծածկագիր*', 'ኮድ*'],
  leads: ['(არის|է)'],
  own: ['(თქვენი|ეს|შემდეგი|ձեր|այս|հետևյալ|የእርስዎ|ይህን)'],
  your: ['(თქვენი|ձեր|የእርስዎ)'],
  enter: ['(შეიყვანეთ|გამოიყენეთ|մուտքագրեք|օգտագործեք|ያስገቡ|ይጠቀሙ)'],
  signIn: [
    '(დადასტურ*|ავტორიზაცი*|ანგარიშ*|შესვლ*|მოქმედებს|არ გაუზიაროთ|հաստատ*|մուտք*|հաշիվ*|հաշվ*|վավեր*|մի փոխանցեք|ማረጋገጫ*|መለያ*|ለማረጋገጥ|ለመግባት|አያጋሩ)',
  ],
  spent: ['(ვადაგასულია|ვადა გაუვიდა|ժամկետն անցել է|ጊዜው አልፎበታል)'],
  neverAsk: ['(არასოდეს|არასდროს|երբեք|በጭራሽ)'],
  example: ['(მაგალითად|օրինակ|ለምሳሌ)'],
  labels: ['(საფოსტო|პროდუქტის) კოდ*', '(შეკვეთ*|ტელეფონ*|ინვოისი*|պատվեր*|հեռախոս*|ትዕዛዝ|ስልክ)( (ნომერი|համար*|ቁጥር)|)'],
  promotions: ['(ფასდაკლების|პრომო|զեղչի) (კოდ*|կոդ*)'],
  lasting: ['(მოქმედებს|ძალაშია|վավեր*|գործում է|ያገለግላል|ያበቃል)'],
}

/** In no order. */
export const LANGUAGES_OF_ASIA_AND_AFRICA: readonly Language[] = [
  ...[PERSIAN, URDU, BENGALI, DRAVIDIAN, INDIC, MALAY_FILIPINO, SWAHILI, TURKIC, CAUCASIAN_AND_AMHARIC],
]
