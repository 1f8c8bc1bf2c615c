import type {RejectRows} from '../../kernel/reject-rows.ts';

/** With fewer rows, loading the kernel takes longer than they do. */
const MANY_ROWS = 5000;

let loading: Promise<RejectRows | null> | undefined;

/**
What writes most rows of rejected records; `null` where they are few, or processor or engine have no vectors of 128 bits.

@param rejectedRows - How many there are. As soon as they are many, it may be called in advance.
*/
export async function loadRejectRows(rejectedRows: number): Promise<RejectRows | null> {
	if (rejectedRows < MANY_ROWS) return null;
	loading ??= load();
	return loading;
}

async function load(): Promise<RejectRows | null> {
	const {kernelOfProcess} = await import('../../kernel/kernel-of-process.ts');
	return kernelOfProcess()?.createRejectRows() ?? null;
}
