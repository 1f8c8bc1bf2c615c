import {InputError} from '../input/input-error.ts';

interface Version {
	readonly size: number | null;
	readonly version: string | null;
}

/** The same failure as of a file of this machine. @param after - As far as the server has told. */
export function changedMeanwhile(before: Version, after: Version | null): InputError {
	const change =
		after?.size != null && before.size !== null && after.size !== before.size
			? `its size went from ${before.size} to ${after.size} bytes`
			: `it is no longer version ${before.version}${after?.version == null ? '' : `, but ${after.version}`}`;
	return new InputError(
		'CHANGED_WHILE_READING',
		`The object changed while it was read: ${change}. Process it again when nobody writes to it`,
	);
}
