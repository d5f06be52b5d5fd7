import { describe, expect, it } from 'vitest'
import { extendFilename, MAX_SAFE_NAME_BYTES, makeSafeFilename } from '../src/safe-filename.ts'
import { listHostileNames } from './support/hostile-names.ts'

describe('a safe name', () => {
  it.each([
    ['invoice 2026-11 (final).pdf', 'invoice_2026-11_final_.pdf'],
    ['Übersicht_März.xlsx', 'Übersicht_März.xlsx'],
    ['報告書.pdf', '報告書.pdf'],
    ['नमस्ते.txt', 'नमस्ते.txt'],
    ['archive.tar.gz', 'archive.tar.gz'],
    [null, 'attachment'],
    ['...', 'attachment'],
    ['😀', 'attachment'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\ada\\report.doc', 'report.doc'],
    ['report.doc/', 'report.doc'],
    ['photo\u202egnp.exe', 'photognp.exe'],
    ['setup.exe:hidden.txt', 'setup.exe_hidden.txt'],
    ['-rf .txt', 'rf_.txt'],
    ['.bashrc', 'bashrc'],
    ['．．／outside.txt', 'outside.txt'],
    ['nul', 'mail-nul'],
    ['COM¹.log', 'mail-COM1.log'],
    ['CLAUDE.md', 'mail-CLAUDE.md'],
    ['.AGENTS.md', 'mail-AGENTS.md'],
    ['$(reboot).sh', 'reboot_.sh'],
    ['a.txt. . .', 'a.txt'],
    ['e\u0301.txt', 'é.txt'],
  ])('of %j is %j', (name, safe) => {
    expect(makeSafeFilename(name)).toBe(safe)
  })

  it.each(
    (
      'CLAUDE.md claude.local.md AGENTS.override.md WARP.md QWEN.md CRUSH.md SOUL.md Taskfile.yml CMakeLists.txt build.gradle build.gradle.kts pom.xml go.mod go.work ' +
      'WORKSPACE WORKSPACE.bazel BUILD BUILD.bazel flake.nix Pipfile Pipfile.lock vite.config.js eslint.config.mjs lefthook.yml setup.cfg docker-compose.override.yml'
    ).split(' '),
  )('of %s is not what a tool looks for', (name) => expect(makeSafeFilename(name)).toBe(`mail-${name}`))

  it.each([
    'invoice.pdf',
    'INVOICE.pdf',
    'photo.png',
    'builder.txt',
    'gopher.mod',
    'agenda.md',
    'notes.md',
    'claudette.md',
    'configuration.pdf',
  ])('of %s stays', (name) => expect(makeSafeFilename(name)).toBe(name))

  it('of whatever a sender writes is a name and nothing else, and stays as it is', () => {
    for (const name of listHostileNames(500)) {
      const safe = makeSafeFilename(name)
      expect(safe, JSON.stringify(name)).toMatch(/^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]*$/u)
      expect(safe, JSON.stringify(name)).not.toMatch(/\.\.|\.$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i)
      expect(Buffer.byteLength(safe), JSON.stringify(name)).toBeLessThanOrEqual(MAX_SAFE_NAME_BYTES)
      expect(makeSafeFilename(safe), JSON.stringify(name)).toBe(safe)
    }
  })

  it('of a long name keeps its ending', () => {
    expect(makeSafeFilename(`${'字'.repeat(500)}.pdf`)).toMatch(/^字+\.pdf$/)
  })

  it('takes a word before its ending', () => {
    expect(extendFilename('a.tar.gz', '1f')).toBe('a.tar-1f.gz')
    expect(extendFilename('attachment', '1f')).toBe('attachment-1f')
  })
})
