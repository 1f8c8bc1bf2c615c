import type {TextEncoding} from '../../../analysis/text-encoding.ts';
import type {Kernel} from '../../../kernel/kernel.ts';
import type {FoldedFile} from '../../shared/protocol.ts';
import {rejectReport} from '../../shared/reject-report.ts';
import type {Fold, Folded, SoFar} from './fold.ts';
import {type Heading, KernelReading} from './kernel-reading.ts';

/** Reads all records of a source with the SIMD kernel. */
export const foldWithKernel =
	(kernel: Kernel): Fold =>
	async (source, settings, pulse) => {
		const describe = (heading: Heading): Omit<Folded, 'takeState' | 'takeListed'> => {
			const isEmpty = heading.columns === null;
			return {
				analysis: heading.columns?.analysis ?? null,
				rows: isEmpty ? 0 : kernel.rows,
				rejectedRows: isEmpty ? 0 : kernel.rejectedRows,
				rejects: isEmpty ? [] : reading.takeRejects().map(reject => rejectReport(reject, reading.encoding)),
				dialect: describeDialect(heading, reading.encoding),
			};
		};
		/** There when the header has been read: before, there is nothing to look at. */
		let look: (() => SoFar) | undefined;
		const reading = new KernelReading(kernel, settings, {
			wait: pulse.wait,
			report(bytesRead, rows, rejectedRows) {
				pulse.report(bytesRead, rows, rejectedRows, look);
			},
		});
		const heading = await reading.begin(source);
		look = () => {
			const listed = reading.takeListed();
			return {...describe(heading), result: listed?.result ?? null};
		};
		reading.reportProgress();
		await reading.readRecords(source);
		reading.reportProgress();
		reading.assertFewRejects();
		return {
			...describe(heading),
			takeState: () => reading.takeState(),
			takeListed: () => reading.takeListed(),
		};
	};

/** As the report has it, except for the compression, which only the opened source knows. */
export const describeDialect = (
	{dialect, header, columns}: Heading,
	encoding: TextEncoding,
): FoldedFile['dialect'] => ({
	delimiter: dialect.delimiter,
	quote: dialect.quote,
	encoding,
	newline: header.newline,
	header: columns !== null,
	compression: null,
});
