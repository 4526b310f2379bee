/**
 * Argument vector that runs a small program (CommonJS text) as a process of its own, with the Node that runs this one; `words` stand
 * behind process.argv[0]. dockhop as one executable understands the same flags (source/executable.ts).
 */
export function ownProgram(text: string, words: readonly string[] = []): string[] {
	return [process.execPath, ...ownProgramFlags, text, '--', ...words];
}

export const ownProgramFlags = ['--input-type=commonjs', '--eval'] as const;
