import { enableCompileCache, getCompileCacheDir } from 'node:module'
import { expect, it } from 'vitest'
import { keepCompiled } from '../src/compile-cache.ts'

it('A thread is told of the directory that its process keeps compiled code in, and of nothing else', () => {
  enableCompileCache(process.env.NODE_COMPILE_CACHE)
  expect(keepCompiled()).toEqual({ NODE_COMPILE_CACHE: expect.any(String) })
  expect(getCompileCacheDir()).toContain(`${keepCompiled().NODE_COMPILE_CACHE}/`)
})
