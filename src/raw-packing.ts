/** Raw mail in less room: Zstandard (RFC 8878), with a checksum, since what is packed may be the only copy. */

import { promisify } from 'node:util'
import { constants, zstdCompress, zstdDecompress, zstdDecompressSync } from 'node:zlib'

const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)
const OPTIONS = { params: { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 } }

/** Fewer bytes than this do not repeat themselves. */
const LEAST_PACKED_BYTES = 512
/** What is not at least this much smaller is read faster as it is. */
const LEAST_SAVING = 0.15

/** The bytes packed, in a thread of Node's own; null where that saves too little. Nothing is answered that does not unpack to the same bytes. */
export async function packBytes(raw: Uint8Array): Promise<Uint8Array | null> {
  if (raw.byteLength < LEAST_PACKED_BYTES) return null
  const packed = await compress(raw, OPTIONS)
  if (packed.byteLength > raw.byteLength * (1 - LEAST_SAVING)) return null
  if (Buffer.compare(await decompress(packed, { maxOutputLength: raw.byteLength }), raw) !== 0) return null
  // Without the room that zlib had to spare: it would be copied to the store's thread with it.
  return new Uint8Array(packed)
}

/** The bytes that were packed. @throws Error when they are damaged */
export function unpackBytes(packed: Uint8Array): Uint8Array {
  return new Uint8Array(zstdDecompressSync(packed))
}
