import { describe, expect, it } from 'vitest'
import { readHtml } from '../mail.ts'

const STANDARD = '<!doctype html>'

describe('htmlToText keeps hidden what a browser has in a hidden element', () => {
  it.each([
    ...['style', 'title', 'script', 'iframe', 'noframes', 'noembed'].map((name) => [
      `<${name}/> that its slash does not end`,
      `<${name}/>x <a "</${name}>a`,
    ]),
    ['<template/> that its slash does not end', '<template/>x</template>a'],
    ['a frame whose content looks like tags', '<iframe><div title="</iframe>a'],
    ...['table><tr><td', 'object', 'marquee', 'applet', 'select', 'table><caption'].map((inner) => [
      `an end tag in <${inner}> of an element around it`,
      `<div hidden><${inner}></div>x`,
    ]),
    ['the end of a paragraph in a button', '<p hidden><button></p>x'],
    ['the end of running text in a block', '<span hidden><div></span>x</div></span>a'],
    ['the end of an item in a list', '<ul><li hidden><ul></li>x</ul></ul>a'],
    ['the end of letters in a cell', '<b hidden><table><tr><td></b>x</table></b>a'],
    ['the end of a form in a block', '<form hidden><div></form>x</div>a'],
    ['the end of a block in a form', '<div hidden><form></div>a'],
    ['the end of the body', '<body><div hidden></body></html>x</div>a'],
    ['an end tag with a space', '<div hidden></ div>x</div>a'],
    ['a block in letters that have ended', '<b><div hidden></b>x</div>a'],
    ['letters that go on in the next paragraph', '<p><font style="font-size:0">x</p><p>x</p></font>a'],
    ['bold letters that go on in a block', '<p><b style="font-size:0">x<div>x</div></b>a'],
    ['a link that goes on in the next paragraph', '<p><a style="opacity:0">x</p>x<p>x</a>a'],
    ['letters that go on behind running text', '<i><b style="font-size:0">x</i>x</b>a'],
    ['a table in a paragraph of a quirk', '<p hidden><table><tr><td>x</table></p>a'],
    ['a class in the other case in a quirk', '<style>.H{display:none}</style><p class=h>x</p>a'],
  ])('%s', (_, html) => {
    expect(readHtml(html)).toBe(html.endsWith('a') ? 'a' : '')
  })
})

describe('htmlToText shows what a browser has in no hidden element', () => {
  it.each([
    ['a table behind a paragraph of a standard', `${STANDARD}<p hidden>x<table><tr><td>a</table>`],
    ['a class in the other case in a standard', `${STANDARD}<style>.H{display:none}</style><p class=h>a</p>`],
    ['what stands behind a comment that an exclamation mark ends', '<!-- x --!>a'],
    ['the next heading', '<h1 hidden>x<h2>a</h2>', '## a'],
    ['a block in a paragraph with running text', '<p hidden><span>x<div>a</div>'],
    ['the next item behind running text', '<ul><li hidden><span>x<li>a</ul>', '- a'],
    ['the next cell behind a block', '<table><tr><td hidden><div>x<td>a</table>'],
    ['the next row behind a block', '<table><tr hidden><td><div>x<tr><td>a</table>'],
    ['letters behind those that a block ends', '<font style="font-size:0"><div></font>a</div>'],
    ['what follows a picture that a block ends', '<svg fill="#fff"><text>x<p>a'],
    ['an end tag with a slash', '<div hidden>x</div/>a'],
    ['letters in the next cell', '<table><tr><td><font style="font-size:0">x<td>a</table>'],
    [
      'a body of which only what is in it is not displayed',
      '<style>body *{display:none}</style><html><body>a<p>x</p></body></html>',
    ],
    ['a body of which the children are not displayed', '<style>body>*{display:none}</style><html><body>a<p>x</p></body></html>'],
    ['the next button', '<button hidden>x<button>a</button>'],
  ])('%s', (_, html, shown = 'a') => {
    expect(readHtml(html)).toBe(shown)
  })
})

describe('htmlToText comes through', () => {
  it.each([
    ['letters that are never closed', '<p><b id=x>'],
    ['letters in letters that end', '<b><i></b>'],
    ['letters around blocks', '<b><div></b>'],
    ['paragraphs in buttons', '<p><button>'],
    ['forms in blocks', '<form><div></form>'],
    ['frames that their slash does not end', '<iframe/></iframe>'],
    ['pictures in blocks', '<svg><p>'],
    ['tables in tables', '<table><table>'],
    ['comments', '<!-- --!>'],
  ])('tens of thousands of %s', (_, html) => {
    expect(readHtml(`${html.repeat(20_000)}a`)).toContain('a')
  })
})
