import {withLine} from '../../../input/encodings/encoding-error.ts';
import type {Kernel} from '../../../kernel/kernel.ts';
import type {PartSoFar} from '../../shared/protocol.ts';
import {rejectReport} from '../../shared/reject-report.ts';
import {decodeStructure} from '../../shared/table-structure.ts';
import {describeDialect, describePart} from './describe-part.ts';
import type {Fold} from './fold.ts';
import {mapRejects} from './found-rejects.ts';
import {KernelReading} from './kernel-reading.ts';

/** Reads all records of a source with the SIMD kernel. */
export const foldWithKernel =
	(kernel: Kernel): Fold =>
	async (source, settings, pulse) => {
		/** There when the header has been read: before, there is nothing to look at. */
		let look: (() => PartSoFar) | undefined;
		const reading = new KernelReading(kernel, settings, {
			...pulse,
			report(bytesRead, rows, rejectedRows) {
				pulse.report(bytesRead, rows, rejectedRows, look);
			},
		});
		const told = (error: unknown): never => {
			throw withLine(error, () => reading.lineAtEnd);
		};
		const heading = await reading.begin(source, true).catch(told);
		const start = {range: 0, byteOffset: 0, line: heading.header.nextLine};
		look = () => ({...describePart(reading, heading, [start]), position: reading.position});
		reading.reportProgress();
		await reading.readRecords(source).catch(told);
		reading.reportProgress();
		reading.assertFewRejects();
		const {encoding} = reading;
		return {
			...reading.counts,
			...mapRejects(reading.takeRejects(), reject => rejectReport(reject, encoding)),
			...reading.spool.takeAll(heading, encoding),
			dialect: describeDialect(heading, encoding, reading.textEvidence),
			...decodeStructure(heading.structure, encoding),
			take: (...asked) => reading.takeStates(...asked),
			formsRead: reading.formsRead(true),
		};
	};
