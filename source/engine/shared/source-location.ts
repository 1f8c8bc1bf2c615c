import type {SourceLocation} from './protocol.ts';

/** Whether a source gives its data again when it is opened once more: a stream does not. */
export const canReadAgain = ({kind}: SourceLocation): boolean => kind === 'file';
