/** Words by which a mail says of a number that it is none to type in. Written as in code-words.ts. */

import type { Phrases } from './lexicon.ts'

/** `Never enter`: stands before the number. What asks not to give a code away is not among them, for that is said of true codes. */
export const NEVER_ENTER_WORDS: Phrases = {
  spaced: [
    "(never|do not|don't|don’t|not to|must not|should not|should never) (enter|type|type in|key in|input|use|submit)",
    '(geben sie|gib|tippen sie|tippe|verwenden sie|verwende|nutzen sie|nutze) (niemals|nie|nicht|keinesfalls)',
    "(n'|n’|ne )(entrez|entre|saisissez|saisis|tapez|tape|utilisez|utilise|composez|introduisez) (jamais|pas|surtout pas)|ne jamais (entrer|saisir|taper|utiliser)",
    '(nunca|no|jamás) (introduzcas|introduzca|introduzcan|ingreses|ingrese|ingresen|escribas|escriba|uses|use|digites|digite|utilices|utilice|teclees|teclee|pongas|ponga)',
    '(nunca|não|jamais) (digite|digites|insira|insiras|introduza|introduzas|use|uses|utilize|escreva|escrevas)',
    'non (inserire|inserisca|inserite|digitare|digiti|digitate|usare|usi|usate|utilizzare|immettere)( mai|)|mai (inserire|digitare|usare|utilizzare)',
    '(voer|vul|gebruik|typ|toets) (nooit|niet)',
    '(indtast|brug|skriv|tast|bruk|angi|ange|använd|mata|knappa|slå) (aldrig|aldri|ikke|inte)( in| inn|)',
    '(älä|älkää) (koskaan |)(syötä|syöttäkö|käytä|käyttäkö|kirjoita|kirjoittako|näppäile)',
    '(nigdy |)nie (wpisuj*|wprowadzaj*|używaj*)',
    '(nezadávej*|nezadávaj*|nepoužívej*|nepoužívaj*|nevkládej*|nevkladaj*)',
    '(не вводите|не вводи|не используйте|не вводьте|не вводь|не використовуйте|не набирайте|не въвеждайте|не въвеждай|не използвайте|не уносите|не внесувајте)',
    '(nemojte (unositi|upisivati|koristiti)|ne (unosite|upisujte|koristite|vnašajte|vpisujte)|nu (introduceți|introdu|introduce|folosiți|tastați|utilizați))( niciodată|)',
    'μη(ν|) (εισάγετε|εισαγάγετε|πληκτρολογείτε|πληκτρολογήσετε|χρησιμοποιείτε|χρησιμοποιήσετε)',
    'ne (írja|írd|gépelje|gépeld|használja|használd|üsse|üsd)( be|)',
    '(אל|לא|לעולם לא) (תזין|תזינו|תקליד|תקלידו|תשתמש|תשתמשו|להזין|להקליד)',
    '(không|đừng|không được|không bao giờ) (nhập|gõ|dùng|sử dụng)',
    '(jangan|jangan pernah|jangan sekali kali) (masukkan|memasukkan|gunakan|menggunakan|ketik|mengetik|taip)',
    '(no |mai no |)(introdueixis|introduïu|utilitzis) mai|(neįveskite|neievadiet|ärge sisestage|ära sisesta)',
  ],
  joined: [
    ...['لا تدخل', 'لا تُدخل', 'لا تستخدم', 'لا تكتب', 'عدم إدخال'],
    ...['不要输入', '切勿输入', '请勿输入', '别输入', '勿輸入', '不要輸入', '不要使用', '切勿使用', '请勿使用', '勿使用'],
    ...['อย่ากรอก', 'ห้ามกรอก', 'อย่าใส่', 'ห้ามใส่', 'อย่าป้อน', 'ห้ามป้อน', 'อย่าใช้', 'ห้ามใช้'],
  ],
}

/** The same where it stands behind the number. */
export const NEVER_ENTER_BEHIND_WORDS: Phrases = {
  spaced: [
    '(niemals|nie|nicht|keinesfalls) (ein|eingeben|verwenden|eintippen)|(nooit|niet) (in|invoeren|invullen|gebruiken|intoetsen)',
    '(girmeyin|girmeyiniz|girme|kullanmayın|kullanmayınız|yazmayın|tuşlamayın|daxil etməyin|kiritmang)',
    '(न|मत|नहीं) (डालें|डालिए|दर्ज करें|लिखें)|(दर्ज|प्रविष्ट) (न|मत|नहीं)|(وارد|استفاده) نکنید|درج نہ|লিখবেন না|দেবেন না|ব্যবহার করবেন না',
    '(ne |soha ne )(írja|írd|gépelje|használja)( be|)',
  ],
  joined: [
    '入力しない',
    '入力なさら',
    '使わない',
    '使用しない',
    '打ち込まない',
    '入力禁止',
    '입력하지',
    '사용하지',
    '입력하면 안',
  ],
}

/** `Is not`: right before the number. */
export const IS_NOT_WORDS: Phrases = {
  spaced: [
    "(not|isn't|isn’t|nicht|n'est pas|n’est pas|n'est pas le|n’est pas le|no es|no es el|não é|não é o|non è|non è il|niet|ikke|inte|ei ole|nie|nie jest|není|nie je|nu este|nu e|nije|nem|nem a|nav|nėra|no és|nuk është)",
    '(не|не является|не є|не е|није|δεν είναι|δεν είναι το|אינו|לא|הוא לא|không phải|không phải là|bukan|bukanlah)',
  ],
  joined: ['ليس', 'ليست', '不是', '并非', '並非', 'ไม่ใช่'],
}

/** The same right behind it. */
export const IS_NOT_BEHIND_WORDS: Phrases = {
  spaced: ['(değil|değildir|deyil|emas|नहीं|नहीं है|नाही|নয়|نیست|نہیں)'],
  joined: [
    'ではありません',
    'ではない',
    'じゃない',
    'ではなく',
    '이 아닙니다',
    '가 아닙니다',
    '이 아니',
    '가 아니',
    '은 아닙니다',
    '는 아닙니다',
  ],
}

/** Asks to call; right before the number. */
export const CALL_WORDS: Phrases = {
  spaced: [
    '(call|dial|phone|ring|rufen sie|rufe|wählen sie|wähle|appelez|appelez le|composez|composez le|llame al|llama al|llame|llama|marque|marque el|marca|marca el|ligue|ligue para|chiami|chiami il|chiama|chiama il|chiamate|bel|bel naar|ring på|ring til|ring oss på|soita|soittakaa|soita numeroon)',
    '(zadzwoń|zadzwoń pod|zadzwoń na|dzwoń pod|zavolejte|zavolejte na|volejte|volejte na|zavolajte na|позвоните|позвоните по|позвоните на|звоните|звоните по|зателефонуйте|телефонуйте|обадете се на|nazovite|pozovite|sunați la|sunați|hívja|hívja a|hívd a|arayın|καλέστε|καλέστε το|καλέστε στο|τηλεφωνήστε στο|התקשרו ל|חייגו|gọi|gọi số|hubungi|telepon|telefon ke)',
  ],
  joined: ['اتصل على', 'اتصل ب', 'اتصل بالرقم', '致电', '致電', '拨打', '撥打', 'โทร', '전화'],
}
