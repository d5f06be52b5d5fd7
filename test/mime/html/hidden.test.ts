import { describe, expect, it } from 'vitest'
import { readHtml as text } from '../mail.ts'

describe('htmlToText leaves out what is', () => {
  it.each([
    ['white on white', '<p style="color:#fff">x</p>a'],
    ['white on white in other words', '<p style="color: rgb(255 255 255 / 100%)">x</p><p style="color:WHITE">x</p>a'],
    ['white on white by attributes', '<body bgcolor=FFFFFF><font color="white">x</font><p>a'],
    ['nearly white on white', '<p style="color:#fdfdfd">x</p>a'],
    ['of the colour of its own background', '<p style="color:#123456;background:#123457 none">x</p>a'],
    ['of the colour of a background around it', '<div style="background-color:navy"><b style="color:#000080">x</b></div>a'],
    ['dark on dark in dark mail', '<body style="background:#000;color:#000">x<p style="color:#eee">a'],
    ['transparent', '<p style="color:transparent">x</p><p style="color:rgba(0,0,0,0.01)">x</p>a'],
    ['a link of the colour of its background', '<a href="https://x.test" style="color:#fff">x</a>a'],
    ['off the screen', '<div style="position:absolute;left:-9999px">x</div>a'],
    ['above the screen', '<div style="position:fixed;top:-200em">x</div>a'],
    ['moved off the screen by a margin', '<div style="margin:0 0 0 -9999px">x</div>a'],
    ['moved off the screen by a transform', '<div style="transform:translateX(-9999px)">x</div>a'],
    ['indented out of sight', '<h1 style="text-indent:-9999px">x</h1>a'],
    ['without opacity', '<div style="opacity:0"><p style="opacity:1">x</p></div>a'],
    ['without height', '<div style="height:0;overflow:hidden">x</div>a'],
    ['without most height', '<div style="max-height:0px; overflow : hidden"><p>x</p></div>a'],
    ['without width', '<div style="width:0;overflow:hidden">x</div>a'],
    ['for screen readers only', '<span style="position:absolute;width:1px;height:1px;overflow:hidden">x</span>a'],
    ['clipped', '<span style="position:absolute;clip:rect(0, 0, 0, 0)">x</span>a'],
    ['cut to nothing', '<p style="clip-path:inset(50%)">x</p><p style="clip-path:circle(0)">x</p>a'],
    ['cut to a point', '<p style="clip-path:polygon(0 0,0 0,0 0)">x</p>a'],
    ['scaled to nothing', '<p style="transform:scale(0)">x</p>a'],
    [
      'in letters of one pixel',
      '<p style="font-size:1px">x</p><p style="font:1px/1px a">x</p><p style="font-size:0.01em">x</p>a',
    ],
    ['in letters of a small part of small letters', '<p style="font-size:10%"><b style="font-size:10%">x</b></p>a'],
    ['hidden by a value in escapes', '<p style="d\\69splay:n\\6f ne">x</p>a'],
    ['hidden, whatever invalid value follows', '<p style="display:none;display:bogus">x</p>a'],
    ...[
      ...['font-size:0;font-size:bogus', 'font-size:0;font-size:-1px', 'font-size:0;font-size:12qx', 'font:0/0 a;font:12px'],
      ...[
        'opacity:0;opacity:visible',
        'opacity:0;opacity:1 !ie',
        'visibility:hidden;visibility:shown',
        'opacity:0;opacity:bogus!important',
      ],
      ...['color:#fff;color:bogus', 'color:#fff;color:rgb(1,2)', 'color:#fff;background:bogus', 'display:none;display:-ms-foo'],
      ...['max-height:0;overflow:hidden;max-height:bogus', 'max-height:0;overflow:hidden;overflow:shown'],
      ...['max-height:0;overflow:hidden;overflow-x:visible', 'left:-9999px;position:fixed;position:bogus'],
      ...[
        'left:-9999px;position:fixed;left:bogus',
        'text-indent:-9999px;text-indent:bogus',
        'clip-path:inset(50%);clip-path:inset(bogus)',
      ],
      ...[
        'transform:scale(0);transform:bogus',
        'transform:scale(0);transform:scale(bogus)',
        'margin-left:-9999px;margin:0 bogus',
      ],
      ...[
        'clip:rect(0,0,0,0);position:fixed;clip:bogus',
        'font-size:0;font-size:calc(bogus)',
        'filter:opacity(0);filter:progid:x',
      ],
    ].map((style) => [`hidden by what an invalid value does not take back: ${style}`, `<p style="${style}">x</p>a`]),
    [
      'hidden by a rule that an invalid inline value does not take back',
      '<style>.h{opacity:0}</style><p class=h style="opacity:visible">x</p>a',
    ],
    ['hidden behind a semicolon in a string', '<p style="background:url(\'a;b\');display:none">x</p>a'],
    ['what a picture of a pixel stands for', '<img width=1 height=1 alt=x>a'],
  ])('%s', (_, html) => {
    expect(text(html)).toBe('a')
  })

  it.each([
    ['a class', '.x{display:none}'],
    ['an id', '#y { display : none }'],
    ['a tag with a class', 'p.x{display:none!important}'],
    ['a tag with an id', 'P#y{display:none}'],
    ['a list of selectors', 'h1, .z, .x { color: red; display: none }'],
    ['a rule behind a comment and others', '/* a{ */ b{color:red} @import "a;b"; @font-face{font-family:a} .x{display:none}'],
    ['a rule for every screen', '@media screen { .x { display: none } }'],
    ['a rule that a later one outweighs not', '.x{display:none} p{display:block}'],
    ['a rule and the inline style of another property', '.x{font-size:0}'],
    ['a rule of colour', '.x{color:#fff}'],
    ['a rule off the screen', '.x{position:absolute;left:-9999px}'],
    ['a rule that only a window without width takes back', '.x{display:none}@media (max-width:1px){.x{display:block}}'],
    ['a rule that only paper takes back', '.x{display:none}@media print{.x{display:block}}'],
    ['a rule that only a pointer takes back', '.x{display:none}.x:hover{display:block}'],
    ['a rule below the body', 'body .x{display:none}'],
    ['a rule that the end of the sheet ends', '.x{display:none'],
  ])('hidden by %s of a style sheet', (_, css) => {
    expect(text(`<style>${css}</style><p class="w x" id=y style="margin:0">x</p>a`)).toBe('a')
    expect(text(`<p class="w x" id=y>x</p>a<style>${css}</style>`)).toBe('a')
  })
})

describe('htmlToText shows', () => {
  it.each([
    ['white on a dark background', '<table><tr><td bgcolor="#000000"><font color="#ffffff">a</font></td></table>'],
    ['white on a dark button', '<a style="background:#06c;color:#fff">a</a>'],
    ['white on a picture', '<table><tr><td background="https://x.test/i.png"><p style="color:#fff">a</p></td></table>'],
    [
      'white on a picture of the style',
      '<div style="background:url(https://x.test/i.png) #fff"><p style="color:#fff">a</p></div>',
    ],
    ['white on a gradient', '<div style="background-image:linear-gradient(red,blue);color:#fff">a</div>'],
    ['white on a colour that nobody knows', '<div style="background:color-mix(in srgb,red,blue);color:#fff">a</div>'],
    ['white on half a colour', '<div style="background:rgba(0,0,0,.5);color:#fff">a</div>'],
    ['black text in white text', '<div style="color:#fff"><p style="color:#000">a</p></div>'],
    ['light grey', '<p style="color:#ccc">a</p>'],
    ['text near the left edge', '<p style="position:relative;left:-20px;text-indent:-2em;margin-left:-8px">a</p>'],
    ['text in a table cell without height, which grows', '<table><tr><td style="height:0;overflow:hidden">a</td></tr></table>'],
    ['running text with a height, which has none', '<span style="height:0;overflow:hidden">a</span>'],
    ['a box without height whose text goes beyond', '<div style="height:0">a</div>'],
    ['a box whose width is only its least', '<div style="width:1px;min-width:100%;overflow:hidden">a</div>'],
    ['a faint text', '<p style="opacity:.5">a</p>'],
    ['small letters', '<p style="font-size:8px">a</p>'],
    ['large letters in letters of a pixel', '<div style="font-size:1px"><p style="font-size:14em">a</p></div>'],
    ['a size by a keyword in no size', '<div style="font-size:0"><p style="font-size:medium">a</p></div>'],
    ...[
      ...[
        'opacity:0;opacity:100%',
        'opacity:0;opacity:calc(1 * .9)',
        'font-size:0;font:italic 13px/1.5 Arial',
        'font-size:0;font:menu',
      ],
      ...['font-size:0;font-size:calc(1rem + (2vw * 3))', 'color:#fff;color:rgb(0 0 0 / 90%)', 'color:#fff;color:windowtext'],
      ...[
        'transform:scale(0);transform:translate(-50%, 0) rotate(5deg)',
        'display:none;display:-webkit-box',
        'margin:-9999px;margin:0 auto',
      ],
      ...['clip-path:inset(50%);clip-path:circle(50% at center)', 'max-height:0;overflow:hidden;max-height:max-content'],
    ].map((style) => [`what a valid value takes back: ${style}`, `<p style="${style}">a</p>`]),
    ['what is hidden before it is shown', '<p style="display:none;display:block">a</p>'],
  ])('%s', (_, html) => {
    expect(text(html)).toBe('a')
  })

  it.each([
    ['a rule that depends on what is around', '.y .x{display:none}'],
    ['a rule for phones', '@media (max-width:480px){.x{display:none}}'],
    ['a rule for paper', '@media print{.x{display:none}}'],
    ['a rule taken back for phones', '.x{display:none}@media (max-width:480px){.x{display:block}}'],
    ['a rule taken back below another element', '.x{display:none}:root .x:last-child{display:block}'],
    ['a rule taken back later', '.x{display:none}.w{display:block}'],
    ['a rule within a rule', '.y{.x{display:none}}'],
    ['a rule of a name', '.xx{display:none}x{display:none}#x{display:none}'],
    ['a rule of a keyframe', '@keyframes k{from{display:none}} @font-face{font-family:x}'],
    ['a comment', '/* .x{display:none} */'],
    ['a rule in a bracket that does not end', 'b:not({} .x{display:none}'],
    ['the colour of a background that a rule may set', '.x{color:#fff}@media (color){p{background:#000}}'],
    ['the colour of a background that a rule sets', '.x{color:#fff}.w{background:#000}'],
  ])('what is not hidden by %s', (_, css) => {
    expect(text(`<style>${css}</style><p class="w x">a</p>`)).toBe('a')
  })

  it('what an inline style takes back from a style sheet, unless that is important', () => {
    expect(text('<style>.x{display:none}</style><p class=x style="display:block">a</p>')).toBe('a')
    expect(text('<style>.x{display:none!important}</style><p class=x style="display:block">x</p>a')).toBe('a')
  })

  it('what only the style sheet of Outlook hides, or one for paper', () => {
    expect(text('<!--[if mso]><style>.x{display:none}</style><![endif]--><p class=x>a')).toBe('a')
    expect(text('<style media="print">.x{display:none}</style><p class=x>a')).toBe('a')
  })

  it('a link where anything of it is seen', () => {
    expect(text('<a href="https://x.test" style="color:#fff"><b style="background:#06c">a</b></a>')).toBe(
      'a [1]\n\nLinks:\n[1] https://x.test',
    )
    expect(text('<table><tr><td style="font-size:0"><a href="https://x.test"><img src=i></a></td></table>')).toBe(
      '(picture) [1]\n\nLinks:\n[1] https://x.test',
    )
    expect(text('<div style="color:#fff"><a href="https://x.test">a</a></div>')).toBe('a [1]\n\nLinks:\n[1] https://x.test')
  })

  it('what a picture stands for in letters of no size, and cells side by side', () => {
    const cells = '<td style="font-size:0"><img alt=a></td><td style="color:#fff">x<b style="color:#000">b</b></td>'
    expect(text(`<table><tr>${cells}</tr></table>`)).toBe('a | b')
  })
})

describe('htmlToText comes through', () => {
  it.each([
    ['rules', `<style>${'.a{display:none}'.repeat(20_000)}`],
    ['selectors', `<style>${'a,'.repeat(100_000)}b{display:none}</style>a`],
    ['open rules', `<style>${'a{b{'.repeat(50_000)}`],
    ['ends of rules', `<style>${'}'.repeat(200_000)}</style>`],
    ['open strings', `<style>${'"'.repeat(200_000)}`],
    ['style elements', '<style>a{top:0}</style>'.repeat(10_000)],
    ['style elements that are not closed', '<style>'.repeat(30_000)],
    ['comments', '<!--><style'.repeat(20_000)],
    ['classes', `<style>.a{top:0}</style><b class="${'a '.repeat(100_000)}">`],
    ['exclamation marks and spaces', `<b style="color:${'! '.repeat(100_000)}"><b style="color:red${' '.repeat(200_000)}x">`],
    ['brackets', `<b style="background:${'('.repeat(200_000)}"><b style="${'(;'.repeat(100_000)}">`],
    ['escapes', `<b style="${'\\64 '.repeat(50_000)}:none">`],
    ['digits', `<b style="top:${'1'.repeat(200_000)}x;position:fixed;left:1e999px">`],
    ['selectors of nothing', `<style>${'[class='.repeat(30_000)}{top:0}body${' body'.repeat(30_000)}{top:0}`],
  ])('hundreds of thousands of characters of %s', (_, html) => {
    expect(() => text(html)).not.toThrow()
  })
})
