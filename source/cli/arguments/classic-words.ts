// The command line of the system that `watch` replaces: --watch, --input and --config <file>, which are other words for the same.

/** @returns The words as this program has them; the same ones where none of them is of that system. */
export function translateClassicWords(words: readonly string[]): readonly string[] {
	const end = words.includes('--') ? words.indexOf('--') : words.length;
	const [own, rest] = [words.slice(0, end), words.slice(end)];
	const isClassic = own.includes('--watch');
	const isOneFile = own.some(word => word === '--input' || word.startsWith('--input='));
	const command = own.find(word => !word.startsWith('-'));
	// That watches a folder beside.
	if (command === 'serve') return words;
	const isWatch = command === 'watch';
	if (!isClassic && !isOneFile && !isWatch) return words;
	const translated = own.flatMap((word, index) => {
		if (word === '--watch') return [];
		if (word.startsWith('--config=')) return [`--routes=${word.slice('--config='.length)}`];
		const next = own[index + 1];
		// Without a file it is the flag of this program, which says nothing here.
		return word === '--config' && next !== undefined && !next.startsWith('-') ? ['--routes'] : [word];
	});
	return [...(isWatch ? [] : ['watch']), ...translated, ...rest];
}
