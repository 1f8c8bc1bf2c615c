// Services of systemd: a server, and watched folders, each of them with as little as it needs.
import {getDefault} from '../../arguments/flags.ts';
import {flag, METRICS_ADDRESS, type Setup, type SetupFile, variable} from './setup.ts';

/** What takes longer to end is given back, then it has to be written down. */
const STOP_SECONDS = getDefault('grace') + 30;

// Never MemoryDenyWriteExecute: V8 writes code and runs it.
const HARDENING = `NoNewPrivileges=yes
ProtectSystem=strict
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
ProtectProc=invisible
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
RemoveIPC=yes
CapabilityBoundingSet=
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged
SystemCallErrorNumber=EPERM
UMask=0077`;

const RUNNING = `Type=exec
ExecReload=kill -HUP $MAINPID
KillMode=mixed
TimeoutStopSec=${STOP_SECONDS}
# It runs until it is told to end, and then says by which signal.
SuccessExitStatus=143
Restart=on-failure
RestartSec=5`;

export const serverUnit: SetupFile = {
	name: 'fileproc-tui.service',
	text: `# fileproc-tui as a server: /etc/systemd/system/fileproc-tui.service
# The first account is made in a browser, by a link that journalctl --unit fileproc-tui shows.
[Unit]
Description=fileproc-tui for a team, over HTTP
After=network-online.target
Wants=network-online.target

[Service]
ExecStart=fileproc-tui serve ${flag('metrics-listen')} ${METRICS_ADDRESS}
${RUNNING}
# All that it keeps is in /var/lib/fileproc-tui.
DynamicUser=yes
StateDirectory=fileproc-tui
StateDirectoryMode=0700
Environment=${variable('data')}=%S/fileproc-tui
# More settings, if there is such a file: "fileproc-tui init serve" writes one.
EnvironmentFile=-/etc/fileproc-tui/fileproc-serve.env
# Secrets are found by these names, without a flag:
#LoadCredential=tls-cert:/etc/fileproc-tui/cert.pem
#LoadCredential=tls-key:/etc/fileproc-tui/key.pem
#LoadCredential=metrics-token:/etc/fileproc-tui/metrics-token
ProtectHome=yes
${HARDENING}

[Install]
WantedBy=multi-user.target
`,
};

const watchUnit: SetupFile = {
	name: 'fileproc-tui-watch@.service',
	text: `# A watched folder as a service: /etc/systemd/system/fileproc-tui-watch@.service
#   useradd --system --create-home --home-dir /srv/inbox fileproc
#   systemctl enable --now "$(systemd-escape --path --template=fileproc-tui-watch@.service /srv/inbox)"
#   fileproc-tui status /srv/inbox
[Unit]
Description=fileproc-tui watches %f
RequiresMountsFor=%f

[Service]
ExecStart=fileproc-tui watch %f ${flag('plain')}
${RUNNING}
User=fileproc
# Nothing else is written to.
ReadWritePaths=%f
ProtectHome=read-only
${HARDENING}

[Install]
WantedBy=multi-user.target
`,
};

export const systemd = (): Setup => ({
	files: [serverUnit, watchUnit],
	next: [
		'systemd-analyze verify ./fileproc-tui.service',
		'sudo cp fileproc-tui*.service /etc/systemd/system/ && sudo systemctl daemon-reload',
		'sudo systemctl enable --now fileproc-tui && journalctl --unit fileproc-tui',
	],
});
