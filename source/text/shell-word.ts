/** Words that no shell changes. */
const PLAIN = /^[A-Za-z0-9_@%+:,./-]+$/;
/** What a terminal or a shell would not take as it is; file names are shown with `\xff` for bytes that are not UTF-8. */
const NEEDS_ESCAPES = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\\]/u;
const ESCAPED = /\\x[0-9a-f]{2}|[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\\']/gu;

/**
A file name as people type it in bash and zsh, in one line: `'in/my file.csv'`. A name that could be an option begins with `./`.

@param name - As reports show it: bytes that are not UTF-8 as `\xff`.
*/
export function shellWord(name: string): string {
	const path = name.startsWith('-') ? `./${name}` : name;
	if (PLAIN.test(path)) return path;
	if (!NEEDS_ESCAPES.test(path)) return `'${path.replaceAll("'", "'\\''")}'`;
	return `$'${path.replace(ESCAPED, found => (found.length === 4 ? found : escapeBytes(found)))}'`;
}

const escapeBytes = (text: string): string =>
	Array.from(Buffer.from(text), byte => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
