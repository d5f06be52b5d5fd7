import { describe, expect, it } from 'vitest'
import { htmlToText } from '../../../src/mime/html/text.ts'
import { readHtml as text } from '../mail.ts'

describe('htmlToText', () => {
  it.each([
    ['runs white space together', '<p>a \n\t b&nbsp; c</p>', 'a b c'],
    ['decodes entities', '&lt;b&gt; &amp;amp; &eacute; &#x1F600; &nosuch; &', '<b> &amp; é 😀 &nosuch; &'],
    ['joins inline elements', 'co<b>de</b> <i>1</i>2', 'code 12'],
    ['separates paragraphs', '<p>a</p><p>b</p>c<div>d</div><div>e</div>', 'a\n\nb\n\nc\nd\ne'],
    ['breaks lines', 'a<br>b<br/><br>c<br><br><br>d', 'a\nb\n\nc\n\nd'],
    ['sets headings apart', 'a<h1>Title</h1>b', 'a\n\n# Title\n\nb'],
    ['draws rules', 'a<hr>b', 'a\n---\nb'],
    ['lists items', '<ul><li>a<li>b<ul><li>c</ul><li>d</ul>e', '- a\n- b\n  - c\n- d\n\ne'],
    ['numbers items', '<ol start="3"><li>a</li><li><p>b</p></li></ol>', '3. a\n\n4. b'],
    ['separates cells', '<table><tr><th>Order<th>Sum<tr><td>1<td><b>2</b></table>', 'Order | Sum\n1 | 2'],
    [
      'keeps a row on its line whatever paragraphs are in its cells',
      '<table><tr><td><p>Hat</p></td><td><p>2</p></td></tr><tr><td><p>Cap</p></td><td><div>1</div></td></tr></table>a',
      'Hat | 2\nCap | 1\n\na',
    ],
    [
      'sets columns of text below each other',
      '<table><tr><td><div>a</div><div>b</div></td><td><div>c</div></td></tr><tr><td><table><tr><td>d</table><td><table><tr><td>e</table></table>',
      'a\nb\nc\n\nd\n\ne',
    ],
    ['takes a bar in a cell of its own for none of the text', '<tr><td>a</td><td>|</td><td>b</td></tr>', 'a | b'],
    [
      'marks headings by their level',
      '<h2>a</h2><h3><a href="">b</a></h3><h1><img></h1>c<ul><li><h4>d</ul>',
      '## a\n\n### b\n\nc\n\n- d',
    ],
    ['passes over cells without text', '<tr><td>&nbsp;</td><td>a</td><td></td><td>b</td></tr>', 'a | b'],
    ['quotes', 'a<blockquote>b<br>c<blockquote>d</blockquote></blockquote>e', 'a\n\n> b\n> c\n>\n> > d\n\ne'],
    ['keeps the lines of preformatted text', '<pre>a\n  b</pre>', 'a\n  b'],
    ['shows what an image stands for', '<img src="https://x.test/track" alt="Logo"><img alt="">x', 'Logo x'],
    ['drops the filler behind a preview text', 'Hi&zwnj;&nbsp;&#847;&shy;&zwnj;&nbsp;&#8203; you', 'Hi you'],
    ['keeps the joiner of a word', 'می&zwnj;خواهم', 'می\u200cخواهم'],
    [
      'leaves out comments, scripts, styles and the title',
      '<title>t</title><style>p{}</style>a<!-- b --><script>c</script>',
      'a',
    ],
    ['leaves out what Outlook alone sees', '<!--[if mso]>x<![endif]-->a<![if !mso]>b<![endif]>', 'ab'],
    ['reads text in a head that was not closed', '<head><meta charset=utf-8><p>a', 'a'],
    ['shows text behind a script, which its slash does not end', '<script src=x />x</script>a', 'a'],
    ['takes a less-than sign for what it is', '1 < 2 and 3 > 2', '1 < 2 and 3 > 2'],
    ['is empty for nothing', '', ''],
  ])('%s', (_, html, shown) => {
    expect(text(html)).toBe(shown)
  })

  it.each([
    [
      'puts the address behind the words',
      '<a href="https://x.test/?a=1&amp;b=2">Click</a> now',
      'Click [1] now\n\nLinks:\n[1] https://x.test/?a=1&b=2',
    ],
    ['shows an address once', '<a href="https://x.test/">https://x.test</a>', 'https://x.test'],
    ['shows a mail address once', '<a href="mailto:a@x.test">a@x.test</a>', 'a@x.test'],
    [
      'shows where words that look like an address lead',
      '<a href="https://evil.test">https://bank.test</a>',
      'https://bank.test [1]\n\nLinks:\n[1] https://evil.test',
    ],
    ['shows a link around an image', '<a href="https://x.test"><img alt="Buy"></a>', 'Buy [1]\n\nLinks:\n[1] https://x.test'],
    ['shows a link around nothing', '<a href="https://x.test"><img></a>', '(picture) [1]\n\nLinks:\n[1] https://x.test'],
    [
      'ends a link where the next one begins',
      '<a href="https://a.test">a<a href="https://b.test">b</a>',
      'a [1] b [2]\n\nLinks:\n[1] https://a.test\n[2] https://b.test',
    ],
    [
      'goes on with a link that was left open',
      '<p><a href="https://a.test">a</p>b',
      'a [1]\n\nb [1]\n\nLinks:\n[1] https://a.test',
    ],
    [
      'takes line breaks out of an address',
      '<a href="https://x.\n\ttest/a b">a</a>',
      'a [1]\n\nLinks:\n[1] https://x.test/a%20b',
    ],
    [
      'names no script',
      '<a href="javascript:alert(1)">a</a><a href=" JAVASCRIPT:x">b</a><a href="data:text/html,x">c</a>',
      'abc',
    ],
    ['names no place within the page', '<a href="#top">a</a> <a name=x>b</a>', 'a b'],
    ['leaves out an address too long to be one', `<a href="https://x.test/${'a'.repeat(10_000)}">a</a>`, 'a'],
    [
      'takes the first of two addresses, as a browser does',
      '<a href="https://a.test" href="https://b.test">a</a>',
      'a [1]\n\nLinks:\n[1] https://a.test',
    ],
  ])('of links: %s', (_, html, shown) => {
    expect(text(html)).toBe(shown)
  })

  it.each([
    ['display:none', '<div style="color:red; DISPLAY : none !important">x</div>a'],
    ['display:none behind a comment', '<div style="/* a */display:/**/none">x</div>a'],
    ['display:none by an entity', '<div style="display&#58;none">x</div>a'],
    ['display:none around something visible', '<div style="display:none"><p style="display:block">x</p></div>a'],
    ['visibility:hidden', '<p style="visibility:hidden">x</p>a'],
    ['font-size:0', '<p style="font-size:0px">x</p>a'],
    ['font: 0/0', '<p style="font:0/0 a">x</p>a'],
    ['font-size:0 with a relative size in it', '<p style="font-size:0"><span style="font-size:120%">x</span></p>a'],
    ['hidden', '<p hidden>x</p>a'],
    ['a hidden image', '<img hidden alt=x>a'],
    ['a hidden link', '<a href="https://x.test" style="display:none">x</a>a'],
    ['a template', '<template>x</template>a'],
  ])('leaves out what is hidden by %s', (_, html) => {
    expect(text(html)).toBe('a')
  })

  it.each([
    [
      'a size of its own in a container of size 0, as MJML writes it',
      '<td style="font-size:0px"><div style="font-size:13px">a</div></td>',
    ],
    ['a visible element in an invisible one', '<div style="visibility:hidden"><p style="visibility:visible">a</p></div>'],
    ['a paragraph behind a hidden one that was not closed', '<p hidden>x<p>a'],
    ['a cell behind a hidden one that was not closed', '<table><tr><td style="display:none">x<td>a</table>'],
    ['text behind a hidden image', '<img style="display:none">a'],
    ['text after an end tag that ends nothing', '</div></p>a'],
    ['size 0.8em', '<p style="font-size:0.8em">a</p>'],
    ['a property whose name ends like another', '<p style="x-display:none">a</p>'],
  ])('shows %s', (_, html) => {
    expect(text(html)).toBe('a')
  })

  it('stops at the bound and says so', () => {
    const { text: shown, isShortened } = htmlToText('<p>hello</p>'.repeat(1_000), 100)
    expect(shown).toHaveLength(100)
    expect(isShortened).toBe(true)
    expect(htmlToText('hello', 5)).toMatchObject({ text: 'hello', isShortened: false })
  })

  it.each([
    '<table><tr><td>',
    '<b>',
    '<div style="display:none">',
    '<blockquote><p>x',
    '<ul><li>x',
    '<a href="https://x.test">',
    '<!--',
    '<',
    '</',
    '&',
    '<p style="/*',
    '<p style="a:b;',
    '<i></div>',
    '<p a="',
    '<pre>\n',
    '\u200c',
  ])('reads a hundred thousand characters of %j', (piece) => {
    expect(() => htmlToText(piece.repeat(100_000 / piece.length), 50_000)).not.toThrow()
  })

  it('finds in fifty thousand open elements the end of each', () => {
    expect(text(`${'<div>'.repeat(50_000)}a${'<i></div>'.repeat(50_000)}b`)).toBe('a\nb')
  })
})
