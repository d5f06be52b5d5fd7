/** Words by which mail programs introduce a message that they quote, in the languages they come in. All are matched against the beginning of one line. */

/** "wrote", in a line that says who wrote when. */
export const WROTE =
  /(?:\bwrote|\bwrites|\bschrieb|\bschreef|\ba [ée]crit|\bescribi[óo]|\bha scritto|\bescreveu|\bva escriure|\bskrev|\bskreiv|kirjoitti|\bnapisał|\bnapsala?|\bnapísala?|пишет|писала?|написала?|пише|написа|\byazdı|寫道|写道|来信|來信|のメール|さんは書きました|님이 작성|작성:|כתב|كتب|\bviết|έγραψε|\ba scris|\bírta|rakstīja|\brašė|\bkirjutas|\bmenulis|เขียน|\bje napisao|\bje napisal)/iu

/** Lines before a quoted message, dashes around them. */
export const ORIGINAL =
  /original message|ursprüngliche nachricht|originalnachricht|message d'origine|message original|mensaje original|mensagem original|messaggio originale|oorspronkelijk bericht|originalmeddelande|ursprungligt meddelande|opprinnelig melding|oprindelig meddelelse|alkuperäinen viesti|oryginalna wiadomość|wiadomość oryginalna|původní zpráva|pôvodná správa|eredeti üzenet|исходное сообщение|оригинальное сообщение|вихідне повідомлення|özgün ileti|orijinal mesaj|元のメッセージ|原始邮件|原始郵件|原邮件|원본 메[시세]지|mesaj original|izvorna poruka|αρχικό μήνυμα|הודעה מקורית|الرسالة الأصلية|thư gốc|pesan asli|reply message|antwort/iu

/** The same of a message that is passed on: what follows is what the mail is about. */
export const FORWARDED =
  /forwarded message|begin forwarded|forwarded by|weitergeleitete nachricht|anfang der weitergeleiteten|message transf[ée]r[ée]|d[ée]but du message|mensaje reenviado|mensagem encaminhada|mensagem reenviada|messaggio inoltrato|inizio messaggio inoltrato|doorgestuurd bericht|vidarebefordrat|videresendt|välitetty viesti|przekazana wiadomość|wiadomość przekazana|přeposlaná zpráva|továbbított üzenet|пересылаемое|пересланное|переслане|iletilen|yönlendirilen|転送|转发|轉寄|전달된|mesaj redirecționat|προωθημένο|הודעה שהועברה|رسالة معاد|đã chuyển tiếp|diteruskan/iu

/** Names of the first field of a quoted head. */
const FROM =
  'from|von|de|da|van|från|fra|lähettäjä|od|feladó|от|від|kimden|gönderen|差出人|发件人|寄件者|寄件人|보낸 사람|보낸사람|από|מאת|من|từ|dari|desde|no|saatja|ka'
/** Names of its other fields. */
const OTHER =
  'sent|date|to|cc|subject|gesendet|datum|an|betreff|envoyé|à|objet|enviado|enviada|para|asunto|assunto|fecha|data|inviato|a|oggetto|verzonden|aan|onderwerp|skickat|till|ämne|sendt|til|emne|lähetetty|päivämäärä|vastaanottaja|aihe|wysłano|do|dw|temat|odesláno|komu|předmět|dátum|odoslané|predmet|elküldve|címzett|tárgy|отправлено|дата|кому|копия|тема|надіслано|tarih|gönderildi|kime|bilgi|konu|送信日時|日時|宛先|件名|发送时间|时间|收件人|抄送|主题|寄件日期|日期|收件者|副本|主旨|보낸 날짜|날짜|받는 사람|참조|제목|στάλθηκε|ημερομηνία|προς|θέμα|נשלח|תאריך|אל|נושא|التاريخ|إلى|الموضوع|ngày|đến|chủ đề|tanggal|kepada|subjek|trimis|către|subiect|poslano|reply-to'

/** A line of a quoted head, also in the bold of Markdown: its name is in the first group where it is that of the sender. */
export const HEAD_LINE = new RegExp(
  `^[\\s>]{0,4}\\*{0,2}(?:(${FROM})|(?:${OTHER}))\\s{0,2}:?\\*{0,2}\\s{0,2}[:\\uff1a]\\*{0,2}\\s?`,
  'iu',
)

/** Mail programs of telephones, and others that name themselves at the end. A whole line. */
export const MOBILE_SIGNATURE =
  /^(?:sent (?:from|via|with|by)\b|get outlook for|von meinem|gesendet (?:von|mit|aus)|diese nachricht wurde von mein|envoyé (?:de|depuis|à partir|avec)|télécharge[zr] outlook|obtenez outlook|enviado (?:desde|do|de|a partir|con|com)\b|obtener outlook|obter o outlook|inviato (?:da|dal|con)\b|scarica outlook|ottieni outlook|verstuurd (?:vanaf|met|via)|verzonden (?:vanaf|met|via)|outlook (?:voor|für|pour|para|per|til|för) |hämta outlook|hent outlook|skickat från|sendt (?:fra|med)|lähetetty |hanki outlook|wysłane? (?:z|za|przez)|pobierz (?:program )?outlook|odesláno (?:z|ze)|odoslané z|elküldve |küldve |отправлено (?:с|из|от)|надіслано з|скачать outlook|trimis de pe|στάλθηκε από|発信元|.{0,20}から送信|发自我?的?|從我的|發自|나의 .{1,20}에서 보냄|.{0,30}(?:'?umdan|'?imden|'?ımdan|tan|den) gönderildi|נשלח מ|أرسلت من|đã gửi từ|dikirim dari|poslano (?:z|s) )/iu
