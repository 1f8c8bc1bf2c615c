import {useEffect} from 'react';
import {keyOf} from '../../model/file-address.ts';
import type {RunControl} from '../../model/run-control.ts';
import type {FileState} from '../../store/state.ts';

/** Has the whole report of a file brought that has ended, where the run sends only what lists show. */
export function useWholeReport({loadReport}: RunControl, file: FileState | undefined): void {
	const isKnown = file === undefined || file.report === null;
	// What has changed since then comes without it again.
	const wanted = isKnown ? null : `${keyOf(file)} ${file.attempt} ${file.status}`;
	// biome-ignore lint/correctness/useExhaustiveDependencies: the file is another object with every frame.
	useEffect(() => {
		if (wanted !== null && file !== undefined) void loadReport?.(file);
	}, [wanted, loadReport]);
}
