// `simple` of the classic configurations: each line by itself. It counts them, and passes the file on as it is.
import type {BuiltInDeclaration} from './load-processor.ts';

export interface LineCounts {
	readonly lines: number;
	readonly empty_lines: number;
	readonly characters: number;
}

export async function countLines(lines: AsyncIterable<string>): Promise<LineCounts> {
	let [count, emptyCount, characters] = [0, 0, 0];
	for await (const line of lines) {
		count++;
		if (line.trim() === '') emptyCount++;
		characters += line.length;
	}
	return {lines: count, empty_lines: emptyCount, characters};
}

export const simple: BuiltInDeclaration = {
	name: 'simple',
	version: 1,
	create: () => ({process: async file => ({metadata: {...(await countLines(file.lines()))}})}),
};
