/**
 * What the bundle has in place of the MCP SDK's own `_shims`, whose validator of JSON schemas is Ajv: 270 KB that every start would read, and nothing uses. The SDK asks it
 * about forms that `elicitInput` brings back; ours come as `inputRequired`, which leaves their content to us (src/mcp/confirmation.ts).
 */

/** As the SDK has it, without the import for which Node looks up every property of it. */
export const process = globalThis.process

/** Every server makes one. Asked something, it would be a mistake of ours. */
export class DefaultJsonSchemaValidator {
  getValidator(): never {
    throw new Error('No validator of JSON schemas is bundled.')
  }
}
