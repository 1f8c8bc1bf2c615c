/** A piece of text between two line ends. */
export interface Line {
	readonly text: string;
	/** Whether its end has been read: the last one may be incomplete. */
	readonly isWhole: boolean;
	/** Whether it is longer than the limit; then the text is its beginning. */
	readonly isTooLong: boolean;
}

/** Splits text that arrives in chunks, reading each once. A line that is too long is the last one. */
export async function* splitLines(chunks: AsyncIterable<string>, maxLength: number): AsyncGenerator<Line> {
	let pieces: string[] = [];
	let length = 0;
	const finishLine = (isWhole: boolean): Line => {
		const line = {text: pieces.join(''), isWhole, isTooLong: length > maxLength};
		pieces = [];
		length = 0;
		return line;
	};
	const add = (piece: string): void => {
		pieces.push(piece);
		length += piece.length;
	};
	for await (const chunk of chunks) {
		let start = 0;
		for (let end = chunk.indexOf('\n'); end !== -1; end = chunk.indexOf('\n', start)) {
			add(chunk.slice(start, end));
			start = end + 1;
			yield finishLine(true);
		}
		add(chunk.slice(start));
		if (length > maxLength) break;
	}
	if (length > 0) yield finishLine(false);
}
