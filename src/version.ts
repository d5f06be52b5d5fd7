/** The version of this program, for `--version`, serverInfo and the status resource. */

// Both src/ and dist/ lie beside package.json; the bundler writes the value in.
import manifest from '../package.json' with { type: 'json' }

/** As in package.json, a semantic version. */
export const VERSION: string = manifest.version
