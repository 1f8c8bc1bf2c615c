import type {Kernel} from '../../kernel/kernel.ts';
import type {Fold, SoFar} from './fold.ts';
import {type Heading, KernelReading} from './kernel-reading.ts';
import type {FoldedFile} from './protocol.ts';

/** Reads all records of a source with the SIMD kernel. */
export const foldWithKernel =
	(kernel: Kernel): Fold =>
	async (source, settings, pulse) => {
		const describe = (): Omit<SoFar, 'folded'> => {
			const isEmpty = heading.columns === null;
			return {
				rows: isEmpty ? 0 : kernel.rows,
				rejectedRows: isEmpty ? 0 : kernel.rejectedRows,
				rejects: isEmpty ? [] : reading.takeRejects(),
				dialect: describeDialect(heading),
			};
		};
		const look = (): SoFar => ({...describe(), folded: reading.takeFolded(false)});
		const reading = new KernelReading(kernel, settings, {
			wait: pulse.wait,
			report(bytesRead, rows, rejectedRows) {
				pulse.report(bytesRead, rows, rejectedRows, look);
			},
		});
		const heading = await reading.begin(source);
		reading.tellProgress();
		await reading.readRecords(source);
		reading.tellProgress();
		return {...describe(), takeFolded: onlyNews => reading.takeFolded(onlyNews)};
	};

/** As the report has it; what the source was packed with is for whoever opened it to say. */
export const describeDialect = ({dialect, header, columns}: Heading): FoldedFile['dialect'] => ({
	delimiter: dialect.delimiter,
	quote: dialect.quote,
	encoding: dialect.encoding,
	newline: header.newline,
	header: columns !== null,
	compression: null,
});
