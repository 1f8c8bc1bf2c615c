import type {RejectRows} from '../../kernel/reject-rows.ts';
import type {RejectingFile} from './rejects-csv.ts';

/** With fewer rows, loading the kernel takes longer than they do. */
const MANY_ROWS = 5000;

let loaded: RejectRows | undefined;

/** What writes most rows of rejected records; `null` where they are few, or processor or engine have no vectors of 128 bits. */
export async function loadRejectRows(files: readonly RejectingFile[]): Promise<RejectRows | null> {
	const count = files.reduce((sum, report) => sum + report.rejected_rows, 0);
	if (count < MANY_ROWS) return null;
	const {kernelOfProcess} = await import('../../kernel/kernel-of-process.ts');
	loaded ??= kernelOfProcess()?.createRejectRows();
	return loaded ?? null;
}
