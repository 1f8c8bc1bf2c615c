import type {SourceLocation} from './protocol.ts';

/** Whether a source gives its data again when it is opened once more: a stream does not. */
export const canReadAgain = (location: SourceLocation): boolean =>
	location.kind === 'member' ? canReadAgain(location.of) : location.kind === 'file';
