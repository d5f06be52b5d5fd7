/** The same bytes as a Buffer, whose searches are native; nothing is copied. */
export function viewBytes(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
