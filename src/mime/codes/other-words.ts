/** Words for codes of another kind. Written as in code-words.ts. */

import type { Phrases } from './lexicon.ts'

/** Codes to be redeemed or passed on, as often as one likes. */
export const PROMOTION_WORDS: Phrases = {
  spaced: [
    '(promo|promotion|promotional|discount|coupon|voucher|offer|gift|gift card|referral|referal|reward|rewards|savings|redemption|redeem|checkout|invite|invitation|friend|partner|affiliate|vip|student|bonus|loyalty|cashback) (code|codes|token|pin)',
    '(coupon|coupons|voucher|vouchers|promocode|cupom|cupón|cupones|gutschein|gutscheine|kupon*|kupong|buono sconto)',
    '(rabatt|gutschein|aktions|vorteils|empfehlungs|einladungs|promo|bonus|geschenk|promotions)(code|codes|kod|koden|kode|koder)',
    'code(s|) (promo|promotionnel*|de réduction|réduction|avantage|cadeau|parrain*|remise|de parrainage|privilège)',
    'código(s|) (promocional|promo|de descuento|descuento|de desconto|desconto|de regalo|de invitación|de referido|de cupón|cupom|de indicação|de convite|de oferta)',
    'codice (sconto|promo|promozionale|regalo|invito|amico|coupon)',
    '(kortings|actie|cadeau|promotie|uitnodigings|waardebon|promo)(code|codes)',
    '(rabat|tilbuds|gavekort|kampanj|kampagne|kampanje|erbjudande|värde|inbjudnings|verve)(kod|koden|kode|koder|koden)',
    '(alennus|kampanja|etu|lahja|tarjous)(koodi*)',
    'kod (rabatowy|promocyjny|zniżkowy|polecający|podarunkowy)',
    '(slevov*|dárkov*|promo|zľavov*) kód*',
    '(промокод*|купон*|промо код*)',
    'код* (скидки|купона|на скидку|на знижку|знижки|приглашения|купону)',
    '(εκπτωτικ*|προσφορά*) κωδικ*|κωδικ* (έκπτωσης|προσφοράς|κουπονιού)',
    '(indirim|kupon|promosyon|hediye|kampanya|davet|referans) (kod*|çek*)',
    'קוד (קופון|הנחה|הטבה|מבצע)',
    '(प्रोमो|कूपन|डिस्काउंट|छूट|रेफरल) कोड',
    'mã (giảm giá|khuyến mãi|ưu đãi|giới thiệu|quà tặng|voucher)',
    'kode (promo|diskon|voucher|kupon|referral|undangan)',
  ],
  joined: [
    ...['رمز الخصم', 'كود الخصم', 'كود خصم', 'رمز ترويجي', 'الرمز الترويجي', 'رمز القسيمة', 'كوبون'],
    ...[
      '优惠码',
      '優惠碼',
      '折扣码',
      '折扣碼',
      '优惠券',
      '優惠券',
      '优惠代码',
      '優惠代碼',
      '邀请码',
      '邀請碼',
      '兑换码',
      '兌換碼',
      '促销码',
      '推荐码',
      '推薦碼',
      '折扣代码',
    ],
    ...[
      'クーポンコード',
      'クーポン',
      '割引コード',
      'プロモーションコード',
      '招待コード',
      '紹介コード',
      'プロモコード',
      'ギフトコード',
      'ギフト券番号',
      'キャンペーンコード',
    ],
    ...['쿠폰', '할인코드', '할인 코드', '프로모션 코드', '초대 코드', '초대코드', '추천 코드', '추천인 코드'],
    ...['โค้ดส่วนลด', 'รหัสส่วนลด', 'รหัสโปรโมชั่น', 'คูปอง', 'โค้ด'],
  ],
}

/** Where codes are names of journeys and rooms: `confirmation code` means one of those there. */
export const TRAVEL_WORDS: Phrases = {
  spaced: [
    '(flight|flights|itinerary|passenger|passengers|hotel|check in|check out|boarding|departure|departs|reservation|booking|airline|airport|guest|guests|nights)',
    '(flug|buchung|reise|abflug|hotel|vol|réservation|voyage|vuelo|reserva|viaje|voo|viagem|volo|prenotazione|viaggio|vlucht|boeking|reis|flyg|bokning|resa|fly|rejse|reise|lento|varaus|lot|rezerwacja|let|rezervace|рейс|бронирование|бронювання|uçuş|rezervasyon|chuyến bay|đặt phòng|penerbangan|pemesanan|πτήση|κράτηση|טיסה|उड़ान|बुकिंग)',
  ],
  joined: [
    '航班',
    '酒店',
    '予約',
    '航空券',
    'フライト',
    '宿泊',
    '예약',
    '항공',
    '호텔',
    'เที่ยวบิน',
    'โรงแรม',
    'การจอง',
    'رحلة',
    'حجز',
  ],
}

/** Where a code buys something cheaper. */
export const BARGAIN_WORDS: Phrases = {
  spaced: [
    '(off|discount|discounts|checkout|at checkout|sale|deal|deals|save|savings|free shipping|cart|basket|coupon|promo|redeem|black friday|cyber monday|shop now|offer)',
    '(rabatt|gutschein|warenkorb|kasse|sparen|versandkostenfrei|remise|réduction|panier|soldes|descuento|cesta|rebajas|ahorra|desconto|carrinho|sconto|carrello|saldi|korting|winkelwagen|rea|varukorg|rabat|kurv|handlekurv|alennus|ostoskori|rabat|zniżka|koszyk*|sleva|slevu|košík*|скидк*|корзин*|знижк*|кошик*|έκπτωση|καλάθι|indirim|sepet*|הנחה|छूट|giảm giá|giỏ hàng|diskon|keranjang)',
  ],
  joined: [
    'خصم',
    'سلة',
    '优惠',
    '優惠',
    '折扣',
    '购物车',
    '結帳',
    '结算',
    '割引',
    'カート',
    '할인',
    '장바구니',
    'ส่วนลด',
    'ตะกร้า',
  ],
}
