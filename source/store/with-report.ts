import {type FileAddress, keyOf} from '../model/file-address.ts';
import type {FileReport} from '../model/report.ts';
import type {RunState} from './state.ts';

/** Puts the whole report of a file in the place of a thin one; nothing where there is no such file. */
export function withReport(state: RunState, address: FileAddress, report: FileReport): RunState {
	const index = state.indexByFile.get(keyOf(address)) ?? -1;
	const file = state.files[index];
	return file === undefined ? state : {...state, files: state.files.with(index, {...file, report})};
}
