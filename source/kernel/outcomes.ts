/** By their numbers in assembly/index.ts. */
export const outcomes = [
	'needs-more',
	'too-many-rejects',
	'too-many-groups',
	'field-too-long',
	'record-too-long',
	'reached-stop',
	'function-failed',
] as const;

/** Why `consume` came back. */
export type KernelOutcome = (typeof outcomes)[number];
