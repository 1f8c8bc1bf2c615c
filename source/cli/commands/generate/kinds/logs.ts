import type {Kind} from '../kind.ts';
import {accessLog} from './logs/access-log.ts';
import {applicationLog} from './logs/application-log.ts';
import {breakLine} from './logs/break-line.ts';
import type {LogForm} from './logs/log-form.ts';
import {syslog} from './logs/syslog.ts';

const FORMS: readonly LogForm[] = [accessLog, syslog, applicationLog];

/**
Log files of servers. The first file is a combined access log, the second one syslog, the third one the log of an
application, and so on in turn. The three logs of a day follow each other; the first day is Monday, 2022-01-03.
*/
export const logs: Kind = {
	extension: 'log',
	columns: null,
	breakRecord: breakLine,
	createRowWriter(random, fileIndex, lineCount) {
		const form = FORMS[fileIndex % FORMS.length] ?? accessLog;
		return form(random, Math.floor(fileIndex / FORMS.length) + 2, lineCount);
	},
};
