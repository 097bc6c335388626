// Written by scripts/generate-types.ts from package.json. Run: npm run generate
/** Version of this package. */
export const VERSION = '0.1.0';
