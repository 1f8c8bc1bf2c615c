import type {SourceLocation} from './protocol.ts';

/** Whether a source gives its data again when it is opened once more: a stream does not. */
export const canReadAgain = ({kind}: SourceLocation): boolean => kind === 'file';

/** What tells of a source what it may be: the path; `null` where it has none. */
export function fileNameOf(location: SourceLocation): string | null {
	if (location.kind === 'file')
		return typeof location.path === 'string' ? location.path : Buffer.from(location.path).toString('latin1');
	return null;
}
