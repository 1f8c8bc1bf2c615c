/** The words of a command, as a shell would take them apart; nothing in them is replaced. `null`: a quote is open. */
export function splitWords(text: string): readonly string[] | null {
	const words: string[] = [];
	let word: string | null = null;
	let quote: '"' | "'" | null = null;
	for (let at = 0; at < text.length; at++) {
		const sign = text[at] ?? '';
		if (quote === null && /\s/.test(sign)) {
			if (word !== null) words.push(word);
			word = null;
		} else if (sign === quote) quote = null;
		else if (quote === null && (sign === '"' || sign === "'")) {
			quote = sign;
			word ??= '';
		} else if (sign === '\\' && quote !== "'") word = (word ?? '') + (text[++at] ?? '');
		else word = (word ?? '') + sign;
	}
	if (quote !== null) return null;
	return word === null ? words : [...words, word];
}
