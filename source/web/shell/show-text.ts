// Text from outside: names of files, cells. React writes it as text; characters that cannot be seen, or turn the text round, are shown as escapes,
// and what is as long as a book is cut.
import {safeInDocument} from '../../text/safe-in-document.ts';

const LONGEST = 300;

export function show(text: string, longest = LONGEST): string {
	const cut = text.length > longest ? `${text.slice(0, longest).replace(/[\ud800-\udbff]$/, '')}…` : text;
	return safeInDocument(cut);
}
