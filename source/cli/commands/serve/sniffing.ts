// How a server looks into a file before anything is made of it: as `sniff --quick` does.
import type {Sniffing} from '../../../server/previews.ts';
import {describeFile} from '../sniff/sniffed-file.ts';
import {QUICK_BYTES, WHAT_IS_SNIFFED} from '../sniff/what-is-sniffed.ts';

export const sniffing: Sniffing = {
	settings: {...WHAT_IS_SNIFFED, headBytes: QUICK_BYTES},
	describe: report => describeFile(report, true),
};
