/** Words of languages of Europe beside those in code-words.ts: stems with the endings that the languages hang on them. */

import type { Language } from './language.ts'

const ROMANIAN: Language = {
  oneTime: [
    'cod(ul|ului|uri|urile|) (tău |dvs.? |dumneavoastră |)(pentru |de |)(verificare|verificarea|securitate|confirmare|autentificare|acces|validare|activare|siguranță|logare|conectare|autorizare|recuperare|resetare|unică folosință|unic|otp|sms|temporar)',
    'parol(a|ă) (unică|de unică folosință|temporară)',
  ],
  code: ['cod(ul|ului|urile|)'],
  leads: ['(tău|dvs.?|dumneavoastră|este|e|următorul|următoarele)'],
  own: ['(tău|dvs|dumneavoastră|acest|acesta|următorul|următor|noul|cu|un|cifre)'],
  your: ['(tău|dvs|dumneavoastră)'],
  enter: ['(introdu|introduceți|introduce|folosește|folosiți|utilizați|utilizează|tastați|tastează|scrie|scrieți|copiază)'],
  signIn: [
    '(verific*|confirma|confirmă|confirmați|confirmarea|confirmi|autentific*|conect*|cont|contul|contului|valabil|expiră|identit*|parola)',
    'nu (îl |)(comunica*|divulga*|împărtăș*|distribui*|transmite*)',
  ],
  spent: ['(a expirat|nu mai este valabil|a fost folosit|invalid|expirat|anterior|vechi*)'],
  neverAsk: ['(niciodată|nu) (nu |)(vă |îți |)(vom |va |)(cere*|solicita*)'],
  example: ['de exemplu'],
  labels: [
    'cod(ul|) (poștal|produs*|de produs|client*|fiscal|de bare|unic de înregistrare|caen|iban|de eroare|comenzii|de rezervare)',
    '(comandă|comanda|comenzii|factur*|telefon|client*|colet*|awb|rezervare*|cui|tichet)',
  ],
  promotions: ['cod(ul|) (promoțional|promo|de reducere|voucher|cadou|de invitație)'],
  lasting: ['(valabil*|expir*|decurs|timp de)'],
}

const HUNGARIAN: Language = {
  oneTime: [
    '(megerősítő|megerősítési|ellenőrző|ellenőrzési|biztonsági|belépési|belépő|bejelentkezési|bejelentkező|hitelesítő|hitelesítési|aktiváló|aktiválási|aktivációs|egyszeri|egyszer használatos|egyszerhasználatos|hozzáférési|helyreállítási|visszaigazoló|jóváhagyó) (kód*|jelsz*|pin*)',
  ],
  code: ['kód(ja|od|ot|dal|jat|odat|ját|jával|hoz|)', 'számsor*'],
  leads: ['(a következő|következő)'],
  own: ['(az ön|ön|a|az|ez|ezt|alábbi|következő|jegyű|a te)'],
  your: ['(az ön|ön|kódod|kódja)'],
  enter: ['(írja be|írd be|adja meg|add meg|használja|használd|gépelje be|gépeld be|megad*|beír*)'],
  signIn: [
    '(bejelentkez*|belép*|megerősít*|ellenőrz*|hitelesít*|fiók*|regisztráci*|érvényes*|lejár*|azonosít*|ne (ossza|oszd|adja|add) meg)',
  ],
  spent: ['(lejárt|érvénytelen*|már felhaszn*|korábbi|régi)'],
  neverAsk: ['soha (nem|sem) (kér*)'],
  example: ['például', 'pl.'],
  labels: [
    '(irányítószám*|cikkszám*|rendelésszám*|rendelés*|számlaszám*|ügyfélszám*|telefonszám*|telefon|adószám*|vonalkód*|hibakód*|termékkód*|foglalás*|csomagszám*|ügyfélkód*|azonosító*|hivatkozás*)',
  ],
  promotions: ['(kuponkód*|promóciós kód*|kedvezménykód*|akciós kód*|ajándékkód*|meghívókód*)'],
  lasting: ['(érvényes*|lejár*|belül)'],
}

const BULGARIAN_MACEDONIAN: Language = {
  oneTime: [
    'код(а|ът|ове|от|) (ви |ти |)(за |)(потвърждение|потвърждаване|проверка|сигурност|вход|достъп|активиране|активация|удостоверяване|влизане|верификация|автентикация|възстановяване|потврда|верификација|најава|најавување|пристап|безбедност|активација|еднократна употреба)',
    '(еднократ*|потвърдител*|безбедносен|безбедносниот|верификациски*) (код*|парол*|лозинк*)',
  ],
  code: ['код(а|ът|от|ове|)'],
  leads: ['(ви е|ти е|е)'],
  own: ['(вашият|вашия|вашиот|твоят|твојот|този|следния|следният|следниот|овој|ваш)'],
  your: ['(вашият|вашия|вашиот|твоят|твоя|твојот)'],
  enter: ['(въведете|въведи|използвайте|използвай|напишете|внесете|внеси|користете|користи)'],
  signIn: [
    '(потвърд*|потврд*|влез*|вход*|влизане|проверк*|профил*|акаунт*|сметка*|најав*|валиден|важи|изтича|истекува|регистрац*|регистрациј*)',
    'не (го |)(споделяйте|споделяй|споделувај*|давайте)',
  ],
  spent: ['(изтекъл|изтече|истече|невалиден|неважечки|използван|предишн*|старият|стария|стариот|старо)'],
  neverAsk: ['(никога няма|никога не|никогаш не*)'],
  example: ['например', 'на пример'],
  labels: [
    '(пощенски|поштенски) код*',
    'код(ът|а|от|) на (продукта|поръчката|клиента|грешката|производот)',
    '(поръчк*|фактур*|нарачк*|телефон*|еик|булстат|пратк*|товарителниц*|клиентск*)',
  ],
  promotions: ['(промо|промоционал*|ваучер) код*', 'код* за (отстъпка|намаление|попуст)'],
  lasting: ['(валиден|важи|изтича|истекува|рамките)'],
}

const SOUTH_SLAVIC: Language = {
  oneTime: [
    '(kod(a|om|u|)|pin|šifra|lozinka) za (potvrdu|provjeru|proveru|verifikaciju|prijavu|pristup|aktivaciju|autentifikaciju|autentikaciju|autorizaciju|oporavak|jednokratnu (uporabu|upotrebu)|potrditev|prijavo|preverjanje|dostop|aktivacijo)',
    '(potvrdn*|verifikacijsk*|verifikacion*|sigurnosn*|bezbednosn*|bezbjednosn*|jednokratn*|aktivacijsk*|aktivacion*|pristupn*|potrditven*|varnostn*|enkratn*|prijavn*|preveritven*) (kod*|pin*|lozink*|zapork*|šifr*|gesl*)',
    'код(а|ом|) за (потврду|проверу|верификацију|пријаву|приступ|активацију)',
    '(верификацион*|безбедносн*|једнократн*|потврдн*) (код*|лозинк*|шифр*)',
  ],
  code: ['kod(om|e|o|i|)', 'šifra', 'шифра'],
  leads: ['(je|glasi|је|гласи)'],
  own: ['(vaš|vaša|tvoj|tvoja|ovaj|ovom|sljedeći|sledeći|slijedeći|naslednj*|spodnj*|ta|ovu|ваш|твој|овај|следећи)'],
  your: ['(vaš|vaša|tvoj|tvoja|ваш|твој)'],
  enter: [
    '(unesite|unesi|upišite|upiši|koristite|koristi|iskoristite|ukucajte|vnesite|vnesi|vpišite|vpiši|uporabite|uporabi|унесите|унеси|користите|укуцајте)',
  ],
  signIn: [
    '(prijav*|potvrd*|potrdi*|provjer*|prover*|preverj*|verifik*|račun*|nalog*|vrijedi|važi|velja|veljavn*|ističe|poteče|istječe|identitet*|registrac*|пријав*|потврд*|налог*|важи|истиче)',
    'ne (dijelite|delite|dajte|otkrivajte|deli|posreduj*)',
  ],
  spent: [
    '(je istekao|istekao|je potekla|potekla|nevažeći|neveljavn*|ne vrijedi|iskorišten*|prethodn*|prejšnj*|stari|истекао|неважећи)',
  ],
  neverAsk: ['(nikada|nikad|nikoli) (vas |)(ne*|ne bomo|nećemo)', 'никада (вас |)не*'],
  example: ['(na primjer|na primer|npr.|na primer)'],
  labels: [
    '(poštanski|poštni|crtični|črtni) (broj|kod|koda)',
    '(narudžb*|porudžbin*|naročil*|račun br*|faktur*|telefon*|broj|številka|oib|pib|pošiljk*|kupac|kupca|stranke|broja|број)',
    'kod* (proizvoda|kupca|greške|napake|izdelka|države)',
  ],
  promotions: ['(promotivni|promo|kuponski|darilni|poklon) kod*', 'kod* za popust*', 'код* за попуст*'],
  lasting: ['(vrijedi|važi|velja|ističe|poteče|istječe|važeći|veljavn*|narednih|важи|истиче)'],
}

const SLOVAK: Language = {
  oneTime: [
    'kód* (na|pre) (overenie|prihlásenie|potvrdenie|obnovenie|registráciu)',
    '(verifikačn*|overovac*|prístupov*|aktivačn*|jednorazov*) (kód*|hesl*)',
  ],
  code: ['kód(y|ov|)'],
  own: ['(váš|tvoj|tento|nasledujúci*|miestny|vás)'],
  your: ['(váš|tvoj)'],
  enter: ['(zadajte|zadaj|použite|použi|vložte|napíšte|odpíšte)'],
  signIn: ['(prihlás*|overen*|overi*|potvrd*|účet|účtu|platný|vyprší|platí|nezdieľajte)'],
  spent: ['(vypršal*|neplatn*|použitý)'],
  neverAsk: ['nikdy (vás |od vás |)ne*'],
  example: ['napríklad', 'napr.'],
  labels: ['(objednávk*|faktúr*|zákazník*|zásielk*|čiarový kód|psč|ičo)'],
  promotions: ['(zľavov*|promo|darčekov*) kód*'],
  lasting: ['(platn*|vyprší|platí)'],
}

const LITHUANIAN: Language = {
  oneTime: [
    '(patvirtinimo|prisijungimo|saugumo|saugos|tapatybės|autentifikavimo|tikrinimo|patikrinimo|patikros|vienkartin*|aktyvinimo|aktyvavimo|prieigos|atkūrimo) (kod*|slaptažod*|pin*)',
  ],
  code: ['kod(as|ą|o|u|ai)'],
  leads: ['(yra)'],
  own: ['(jūsų|tavo|šis|šį|šiuo|toliau|žemiau)'],
  your: ['(jūsų|tavo)'],
  enter: ['(įveskite|įvesk|naudokite|naudok|panaudokite|įrašykite)'],
  signIn: ['(prisijung*|patvirtin*|patikrin*|paskyr*|galioja|registrac*|tapatyb*|nesidalin*|niekam neatsk*)'],
  spent: ['(nebegalioja|pasibaigė|negaliojant*|panaudot*|ankstesn*|senas|seną|senojo)'],
  neverAsk: ['niekada ne*'],
  example: ['pavyzdžiui', 'pvz.'],
  labels: ['(pašto|prekės|įmonės|kliento|klaidos|brūkšninis|pvm|šalies) kod*', '(užsakym*|sąskait*|telefon*|siunt*|klient*)'],
  promotions: ['(nuolaidos|nuolaidų|akcijos|kupono|dovanų) kod*'],
  lasting: ['(galioj*|baigsis)'],
}

const LATVIAN: Language = {
  oneTime: [
    '(apstiprinājuma|apstiprināšanas|verifikācijas|drošības|piekļuves|autentifikācijas|pieteikšanās|pieslēgšanās|vienreizēj*|vienreiz lietojam*|vienreizlietojam*|aktivizācijas|aktivācijas|aktivizēšanas|pārbaudes|atkopšanas) (kod*|parol*|pin*)',
  ],
  code: ['kod(s|u|a|am)'],
  leads: ['(ir)'],
  own: ['(jūsu|tavs|šo|šis|tālāk|zemāk|ar)'],
  your: ['(jūsu|tavs)'],
  enter: ['(ievadiet|ievadi|izmantojiet|izmanto|ierakstiet)'],
  signIn: [
    '(apstipr*|pieteik*|piesl*|konts|kontu|konta|kontam|derīg*|derīgs|pārbaud*|reģistr*|identit*)',
    '(neizpaudiet|nedalieties|nevienam)',
  ],
  spent: ['(beidzies|nederīg*|vairs neder*|izmantots|iepriekšēj*|vecais)'],
  neverAsk: ['nekad ne*'],
  example: ['piemēram'],
  labels: ['(pasta|preces|klienta|kļūdas|svītr|pvn) (kod*|indeks*)', '(pasūtījum*|rēķin*|tālrun*|sūtījum*|klient*)'],
  promotions: ['(atlaižu|atlaides|akcijas|kupona|dāvanu) kod*'],
  lasting: ['(derīg*|beigsies|laikā)'],
}

const ESTONIAN: Language = {
  oneTime: [
    '(kinnitus|turva|kinnitamis|sisselogimis|aktiveerimis|verifitseerimis|pääsu|autentimis|tuvastus|taaste|kontroll)(kood*)',
    '(ühekordne|ühekordse|ühekordset|sisselogimise|kinnitamise) (kood*|parool*|salasõn*)',
  ],
  code: ['kood(i|iga|)'],
  own: ['(teie|sinu|see|järgmine|järgmist|allolev*|seda)'],
  your: ['(teie|sinu)'],
  enter: ['(sisestage|sisesta|kasutage|kasuta|trükkige)'],
  signIn: ['(sisselog*|logi* sisse|kinnita*|konto*|kehti*|aegub|tuvasta*|registreeri*|ärge jaga*|ära jaga)'],
  spent: ['(aegunud|kehtetu|ei kehti|kasutatud|eelmi*|vana)'],
  neverAsk: ['(ei|mitte) kunagi', 'kunagi ei'],
  example: ['näiteks', 'nt'],
  labels: [
    '(posti|toote|vea|triip|ribakood|isiku|registri|kliendi)(kood*|indeks*)',
    '(tellimus*|arve*|telefon*|kliendi*|saadetis*)',
  ],
  promotions: ['(soodus|kampaania|kinke|kupongi|sooduskood)(kood*)'],
  lasting: ['(kehti*|aegub|jooksul)'],
}

const CATALAN_GALICIAN: Language = {
  oneTime: [
    "codi(s|) (de |d'|d’|per |per a |)(verificació|verificar|seguretat|accés|confirmació|confirmar|autenticació|activació|validació|un sol ús|inici de sessió|recuperació|sms)",
    "(contrasenya|clau) (d'un sol ús|d’un sol ús|temporal)",
    'código(s|) (de |)(seguridade|un só uso|inicio de sesión|activación|recuperación)',
    'código(s|) dun só uso',
  ],
  code: ['codi', 'codis'],
  leads: ['(és|següent)'],
  own: ['(el teu|teu|el vostre|vostre|el seu|seu|aquest|el|següent|o teu|este|seguinte)'],
  your: ['(el teu|el vostre|el seu|teu|vostre|o teu)'],
  enter: ['(introdueix|introduïu|introduïm|utilitza|utilitzeu|fes servir|escriu|escriviu|insereix|introduce|emprega|escribe)'],
  signIn: [
    '(inicia* sessió|inici de sessió|verific*|confirma|confirmar|confirmeu|confirmació|compte|identitat|vàlid|caduca|no el comparteixis|no el compartiu|conta|identidade|non o compartas)',
  ],
  spent: ['(ha caducat|caducat|ja no és vàlid|anterior|caducou)'],
  neverAsk: ['(mai (no |)(et |us |)(demanar*)|nunca (che |lle |)pedir*)'],
  example: ['per exemple', 'por exemplo'],
  labels: ['codi (postal|de barres|de client|del client|de producte|de reserva|qr|font)', '(comanda|factura|telèfon|client)'],
  promotions: ['codi (promocional|de descompte|descompte|regal)'],
  lasting: ['(vàlid*|caduca|expira)'],
}

const BASQUE: Language = {
  oneTime: [
    '(egiaztapen|egiaztatze|segurtasun|baieztapen|berrespen|sarbide|aktibazio|aktibatze|sarrera)(koded*|kodea*|kode)',
    '(egiaztapen|egiaztatze|segurtasun|baieztapen|berrespen|sarbide|aktibazio|sarrera) (kode*)',
    'erabilera bakarreko (kode*|pasahitz*)',
  ],
  code: ['kode(a|ak|)'],
  leads: ['(hau da|hauxe da)'],
  own: ['(zure|hau|honako)'],
  your: ['(zure)'],
  enter: ['(sartu|idatzi|erabili)'],
  signIn: ['(saioa hasi*|egiazta*|baiezta*|kontua*|iraungi*|balio*)'],
  spent: ['(iraungi da|baliogabe*)'],
  neverAsk: ['inoiz ez'],
  example: ['adibidez'],
  labels: ['(posta|produktu|bezero|barra|akats)(kode*| kode*)', '(eskaera*|faktura*|telefono*)'],
  promotions: ['(deskontu|promozio)(kode*| kode*)'],
  lasting: ['(balio*|iraungi*)'],
}

const ALBANIAN: Language = {
  oneTime: [
    'kod(i|in|it|) (juaj |yt |)(i |e |të |)(verifikimit|konfirmimit|sigurisë|hyrjes|aktivizimit|vërtetimit|njëhershëm|aksesit|qasjes|identifikimit)',
    'fjalëkalim(i|in|) (njëpërdorimsh*|njëhersh*)',
  ],
  code: ['kod(i|in|it)'],
  leads: ['(është|juaj|yt)'],
  own: ['(juaj|yt|këtë|ky|mëposhtëm)'],
  your: ['(juaj|yt)'],
  enter: ['(shkruani|vendosni|vendos|përdorni|përdor|futni|fut|shkruaj)'],
  signIn: ['(verifik*|konfirm*|hyr*|identifik*|llogari*|vlefsh*|skadon|mos e (ndani|ndaj|jepni))'],
  spent: ['(ka skaduar|skaduar|pavlefshëm)'],
  neverAsk: ['kurrë (nuk|s)'],
  example: ['për shembull'],
  labels: ['kod(i|) (postar|i produktit|i klientit|i gabimit)', '(porosi*|fatur*|telefon*)'],
  promotions: ['kod(i|) (promocional|i zbritjes|zbritje)'],
  lasting: ['(vlefsh*|skadon|vlen)'],
}

const ICELANDIC: Language = {
  oneTime: [
    '(staðfestingar|öryggis|auðkenningar|innskráningar|aðgangs|einnota|virkjunar)(kóð*|lykilorð*|númer*)',
    'einnota (kóð*|lykilorð*)',
  ],
  code: ['kóð(i|inn|ann|a|anum)'],
  leads: ['(þinn er|er)'],
  own: ['(þinn|þessi|þennan|eftirfarandi|hér)'],
  your: ['(þinn)'],
  enter: ['(sláðu inn|slá inn|notaðu|notið|sláið inn|skrifaðu)'],
  signIn: ['(innskrán*|skrá* inn|staðfest*|aðgang*|gildir|rennur út|reikning*|auðkenn*)'],
  spent: ['(útrunninn|ógild*|er ekki lengur*)'],
  neverAsk: ['aldrei'],
  example: ['til dæmis', 't.d.'],
  labels: ['(póstnúmer|pöntun*|pöntunarnúmer*|reikningsnúmer*|kennitala|sími|símanúmer*|vörunúmer*)'],
  promotions: ['(afsláttar|gjafa)(kóð*)'],
  lasting: ['(gildir|rennur)'],
}

/** In no order. */
export const LANGUAGES_OF_EUROPE: readonly Language[] = [
  ...[ROMANIAN, HUNGARIAN, BULGARIAN_MACEDONIAN, SOUTH_SLAVIC, SLOVAK, LITHUANIAN, LATVIAN, ESTONIAN],
  ...[CATALAN_GALICIAN, BASQUE, ALBANIAN, ICELANDIC],
]
