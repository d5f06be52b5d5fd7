/** Mail to begin from: the corpus where it is there, the hostile mail of the other suites, and a little of every kind. */

import { CHARACTER_MAILS } from '../../injection/characters.ts'
import { DIVERGENT_MAILS } from '../../injection/divergent.ts'
import { FENCE_MAILS } from '../../injection/fences.ts'
import { HIDDEN_MAILS } from '../../injection/hidden.ts'
import { LINK_MAILS } from '../../injection/links.ts'
import { SENDER_MAILS } from '../../injection/senders.ts'
import { type CorpusFolder, HAS_CORPUS, readCorpus } from '../../support/corpus.ts'
import { writeBounce, writeComplaint } from '../../support/reports.ts'
import { rollFor } from './campaign.ts'
import { mutateMail, writeSoup } from './mail.ts'

/** Of the hostile mail of other suites one in so many: they are alike. */
const HOSTILE_STEP = 12
/** Mail of HTML that nobody would write. */
const SOUPS = 40

const CRLF = '\r\n'

/** A part of each kind that is read in a way of its own. */
const PARTS: readonly (readonly string[])[] = [
  [
    'Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes',
    '',
    'A line that \r\ngoes on.\r\n> quoted \r\n> text\r\n-- \r\nAda',
  ],
  [
    'Content-Type: text/html',
    'Content-Transfer-Encoding: quoted-printable',
    '',
    '<p style=3D"color:red">Code: <b>482913</b></p>',
  ],
  ['Content-Type: text/plain; charset=iso-2022-jp', '', '\x1b$B$3$s\x1b(B'],
  ["Content-Type: application/pdf; name*0*=utf-8''a%20; name*1=b.pdf", 'Content-Transfer-Encoding: base64', '', 'JVBERi0xLjQK'],
  ['Content-Type: message/rfc822', '', 'From: a@x.test', 'Subject: inner', '', 'Inner text.'],
  ['Content-Type: text/calendar', 'Content-Disposition: attachment; filename="=?utf-8?q?a=2Eics?="', '', 'BEGIN:VCALENDAR'],
]

const writeParts = (subtype: string, parts: readonly (readonly string[])[]) =>
  [
    'From: "Ada" <ada@shop.example>',
    'To: agent@agents.localhost, "B, C" <b@c.test>',
    'Subject: =?utf-8?q?Your_code_482913?=',
    'Message-ID: <1@shop.example>',
    'References: <0@shop.example> <1@shop.example>',
    'Date: Tue, 24 Nov 2026 12:00:00 +0100 (CET)',
    `Content-Type: multipart/${subtype}; boundary="edge 1"`,
    '',
    ...parts.flatMap((part) => ['--edge 1', ...part]),
    '--edge 1--',
    '',
  ].join(CRLF)

const BUILT_IN: readonly string[] = [
  ...['mixed', 'alternative', 'related', 'digest'].map((subtype) => writeParts(subtype, PARTS)),
  ...PARTS.map((part) => writeParts('mixed', [part])),
  writeBounce('bob@example.org'),
  writeBounce('bob@example.org', '4.4.7', 'delayed'),
  writeComplaint('bob@example.org'),
  `From: MAILER-DAEMON@x.test${CRLF}Subject: failure notice${CRLF}${CRLF}Hi. This is the qmail-send program.${CRLF}<bob@example.org>:${CRLF}no such user${CRLF}`,
]

/** Seeds as bytes; those of the repository are there without the corpus too. */
export function readMailSeeds(folders: readonly CorpusFolder[] = ['mail', 'bounces', 'complaints']): string[] {
  const hostile = [FENCE_MAILS, HIDDEN_MAILS, CHARACTER_MAILS, LINK_MAILS, DIVERGENT_MAILS, SENDER_MAILS].flat()
  const sampled = hostile.filter((_, at) => at % HOSTILE_STEP === 0).map(({ raw }) => raw.toString('latin1'))
  const soups = Array.from({ length: SOUPS }, (_, at) => {
    const head = `From: a@x.test${CRLF}Subject: soup${CRLF}Content-Type: text/html; charset=utf-8${CRLF}${CRLF}`
    return Buffer.from(head + writeSoup(rollFor(`soup ${at}`))).toString('latin1')
  })
  const corpus = HAS_CORPUS ? folders.flatMap((folder) => readCorpus(folder)).map(({ raw }) => raw.toString('latin1')) : []
  const own = [...BUILT_IN, ...BUILT_IN, ...sampled, ...soups]
  return HAS_CORPUS
    ? [...own, ...corpus]
    : [...own, ...BUILT_IN.map((_, at) => mutateMail(rollFor(`seed ${at}`), own).toString('latin1'))]
}
