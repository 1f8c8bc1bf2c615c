// Why the kernel has stopped in the middle of a source, as the error that its file fails with.
import type {FieldSyntax} from '../../../input/dialect.ts';
import {findUnclosedQuote} from '../../../input/quotes.ts';
import {fieldTooLong, openUntil, recordTooLong} from '../../../input/reading-errors.ts';
import type {Kernel} from '../../../kernel/kernel.ts';
import type {KernelOutcome} from '../../../kernel/outcomes.ts';
import type {ReadSettings} from '../../shared/protocol.ts';
import {type FoundReject, tooManyRejects} from '../../shared/reject-report.ts';
import {functionFailed} from './function-failed.ts';

type KeptReject = ReturnType<Kernel['readRejects']>[number];

export interface StoppedReading {
	readonly settings: ReadSettings;
	readonly syntax: FieldSyntax;
	readonly describe: (reject: KeptReject) => FoundReject;
}

export function errorOfStop(
	kernel: Kernel,
	outcome: Exclude<KernelOutcome, 'needs-more' | 'reached-stop'>,
	{settings: {limits, encoding}, syntax, describe}: StoppedReading,
): Error {
	const {input} = kernel;
	const position = {line: kernel.line, byteOffset: input.offsetOf(input.start)};
	const rest = (bytes: number): Uint8Array =>
		input.bytes.subarray(input.start, Math.min(input.end, input.start + bytes));
	switch (outcome) {
		case 'too-many-rejects': {
			const rejects = kernel.readRejects();
			// Several analyses may reject the record: the first of them says why.
			const last = rejects.find(({byteOffset}) => byteOffset === rejects.at(-1)?.byteOffset);
			if (last === undefined) throw new Error('The kernel kept no reject');
			const {maxRecordBytes} = limits;
			const bytes = input.bytes.subarray(kernel.failedRecord, input.end);
			const quote = findUnclosedQuote(bytes.subarray(0, maxRecordBytes), syntax);
			const until = openUntil(quote, bytes.length, maxRecordBytes);
			return tooManyRejects(kernel.rejectedRows, describe(last), until, encoding);
		}
		case 'field-too-long': {
			const {index, ...at} = kernel.longField;
			return fieldTooLong(index, at, limits.maxFieldBytes);
		}
		case 'function-failed': {
			const {error, ...at} = kernel.functionFailure;
			return functionFailed(error, at);
		}
		case 'record-too-long':
			return recordTooLong(position, rest(limits.maxRecordBytes), syntax);
		default:
			return new Error(`The kernel stopped with ${String(outcome)}`);
	}
}
