// `stateful` of the classic configurations: what it counts goes on from file to file.
import type {BuiltInDeclaration} from './load-processor.ts';
import {countLines, type LineCounts} from './simple.ts';

interface Totals extends LineCounts {
	readonly files: number;
}

const none: Totals = {files: 0, lines: 0, empty_lines: 0, characters: 0};

export const stateful: BuiltInDeclaration = {
	name: 'stateful',
	version: 1,
	state: {...none},
	create: () => ({
		async process(file, {state}) {
			const counts = await countLines(file.lines());
			const before = state as unknown as Totals;
			const totals: Totals = {
				files: before.files + 1,
				lines: before.lines + counts.lines,
				empty_lines: before.empty_lines + counts.empty_lines,
				characters: before.characters + counts.characters,
			};
			return {metadata: {...counts, totals: {...totals}}, state: {...totals}};
		},
	}),
};
