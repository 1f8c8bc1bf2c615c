// What the server answers with, as its description has it (`/openapi.json`); members that the page does not read are left out.
import type {AnalysisInfo} from '../../model/analysis-info.ts';
import type {ErrorReport, FileReport} from '../../model/report.ts';

export const ROLES = ['viewer', 'uploader', 'user', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];
export type TaskState = 'QUEUED' | 'PROCESSING' | 'COMPLETED' | 'FAILED' | 'CANCELLED';

export interface User {
	readonly id: string;
	readonly name: string;
	readonly role: Role;
}

export interface LoginAnswer {
	readonly user: User;
	readonly must_change_password?: boolean;
	readonly must_enrol_second_factor?: boolean;
}

export interface SecondFactor {
	readonly is_enrolled: boolean;
	readonly is_required: boolean;
	readonly recovery_codes_left: number;
}

export interface FileAnswer {
	readonly file_id: string;
	readonly name: string;
	readonly relative_path: string | null;
	readonly size: number;
	readonly sha256: string;
	readonly status: 'STORED' | TaskState;
	readonly received_at: string;
	readonly expires_at: string | null;
	readonly task_id: string | null;
	readonly task_execution_id: string | null;
	readonly attempts: number;
	readonly started_at: string | null;
	readonly completed_at: string | null;
	readonly rows: number | null;
	readonly rejected_rows: number | null;
	readonly error: ErrorReport | null;
}

export interface TaskAnswer {
	readonly task_execution_id: string;
	readonly file_id: string;
	readonly file: string;
	readonly bytes: number;
	readonly task_id: string;
	readonly analyses: readonly string[];
	readonly options: Readonly<Record<string, unknown>>;
	readonly mapping: {readonly name: string} | null;
	readonly status: TaskState;
	readonly is_paused: boolean;
	readonly attempts: number;
	readonly position: number | null;
	readonly created_at: string;
	readonly started_at: string | null;
	readonly completed_at: string | null;
	readonly rows: number | null;
	readonly rejected_rows: number | null;
	readonly error: ErrorReport | null;
}

export interface Preview {
	readonly dialect: {
		readonly delimiter: string | null;
		readonly quote: string | null;
		readonly encoding: string;
		readonly newline: string | null;
		readonly header: boolean;
		readonly skip_lines: number;
		readonly skip_footer: number;
		readonly comment: string | null;
		readonly compression: string | null;
		readonly decimal: string | null;
		readonly thousands: string | null;
	} | null;
	readonly columns: readonly {readonly name: string; readonly type: string; readonly format: string | null}[];
	readonly records: number | null;
	readonly problems: readonly {readonly message: string; readonly line?: number}[];
	readonly analyses: readonly string[];
	readonly lacks?: string | null;
	readonly preview: readonly (readonly string[])[];
	readonly quick: boolean;
	/** The one of the account that is for files with this heading. */
	readonly mapping: KeptMapping | null;
}

/** The names of columns of analyses -> headings of the file. */
export type Mapping = Readonly<Record<string, string>>;

export interface KeptMapping {
	readonly name: string;
	readonly version: number;
	readonly map: Mapping;
}

export interface TaskKind {
	readonly task_id: string;
	readonly title: string;
	readonly aliases: readonly string[];
	readonly columns: readonly {readonly name: string; readonly type: string; readonly optional: boolean}[];
}

export type ResultAnswer = FileReport & {
	readonly task_execution_id: string;
	readonly file_id: string;
	readonly task_id: string;
	readonly expires_at: string | null;
	readonly links: {readonly csv: string; readonly parquet: string; readonly rejects?: string};
};

export interface ResultTable {
	readonly name: string;
	readonly columns: readonly unknown[];
	readonly rows: number;
	readonly is_complete: boolean;
	readonly links: {readonly csv: string; readonly parquet: string};
}

export interface ResultTables {
	readonly tables: readonly ResultTable[];
	/** How each analysis of the result is shown. */
	readonly views: readonly Pick<AnalysisInfo, 'name' | 'title' | 'views'>[];
}

export interface Limits {
	readonly max_upload_bytes: number;
}

export interface Used {
	readonly used: number;
	readonly limit: number | null;
}

export interface Usage {
	readonly files: Used;
	readonly bytes: Used & {readonly limit_of_a_file: number};
	readonly running: Used;
	readonly waiting: Used;
	readonly months: readonly {
		readonly month: string;
		readonly tasks: number;
		readonly completed: number;
		readonly failed: number;
		readonly bytes: number;
		readonly rows: number;
		readonly rejected_rows: number;
	}[];
}

export type BulkAction = 'cancel' | 'retry' | 'delete' | 'run';

export interface BulkPlan {
	readonly total: number;
	readonly applies: number;
	readonly skipped: number;
	readonly sample: readonly {readonly file_id: string; readonly name: string}[];
}

export interface Bulk {
	readonly id: string;
	readonly action: BulkAction;
	readonly q: string;
	readonly status: 'RUNNING' | 'COMPLETED' | 'CANCELLED';
	readonly total: number;
	readonly pending: number;
	readonly done: number;
	readonly skipped: number;
	readonly failed: number;
}
