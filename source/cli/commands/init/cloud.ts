// Other people's machines: Kubernetes, and any cloud that reads cloud-init (AWS, Google Cloud, Azure and others).
import {version} from '../../../engine/version.ts';
import {flag, indented, PORT, type Setup, variable} from './setup.ts';
import {serverUnit} from './systemd.ts';

const POD = `runAsNonRoot: true
runAsUser: 1000
fsGroup: 1000
seccompProfile: {type: RuntimeDefault}`;

const CONTAINER = `image: fileproc-tui:${version}
env:
  - {name: ${variable('data')}, value: /data/fileproc}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
volumeMounts:
  - {name: data, mountPath: /data}
  - {name: tmp, mountPath: /tmp}`;

const VOLUMES = `volumes:
  - name: data
    persistentVolumeClaim: {claimName: fileproc-tui}
  - name: tmp
    emptyDir: {}`;

const kubernetes = `# fileproc-tui as a server in Kubernetes, with an image of the Dockerfile that "fileproc-tui init docker" writes. HTTPS is what your ingress is for.
#   kubectl apply --filename fileproc-tui.k8s.yaml
#   kubectl logs job/fileproc-tui-first-account       the password of admin, which has to be changed at the first login
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: fileproc-tui
spec:
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: 20Gi
---
# Without an account there is no server for other machines: until then the deployment waits.
apiVersion: batch/v1
kind: Job
metadata:
  name: fileproc-tui-first-account
spec:
  backoffLimit: 3
  template:
    spec:
      restartPolicy: Never
      securityContext:
${indented(POD, 8)}
      containers:
        - name: users
          args: [users, add, admin, ${flag('role')}, admin]
${indented(CONTAINER, 10)}
${indented(VOLUMES, 6)}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: fileproc-tui
spec:
  # One process serves a folder, so the old one ends before the next begins.
  replicas: 1
  strategy: {type: Recreate}
  selector:
    matchLabels: {app.kubernetes.io/name: fileproc-tui}
  template:
    metadata:
      labels: {app.kubernetes.io/name: fileproc-tui}
    spec:
      terminationGracePeriodSeconds: 60
      securityContext:
${indented(POD, 8)}
      containers:
        - name: serve
          # Behind ${flag('trust-proxy')} stand the addresses of your ingress.
          args: [serve, ${flag('listen')}, '0.0.0.0:${PORT}', ${flag('trust-proxy')}, 10.0.0.0/8]
          ports:
            - {name: http, containerPort: ${PORT}}
          startupProbe:
            httpGet: {path: /livez, port: http}
            periodSeconds: 2
            failureThreshold: 30
          livenessProbe:
            httpGet: {path: /livez, port: http}
          readinessProbe:
            httpGet: {path: /readyz, port: http}
          resources:
            requests: {cpu: 500m, memory: 256Mi}
            limits: {memory: 1Gi}
${indented(CONTAINER, 10)}
${indented(VOLUMES, 6)}
---
apiVersion: v1
kind: Service
metadata:
  name: fileproc-tui
spec:
  selector: {app.kubernetes.io/name: fileproc-tui}
  ports:
    - {name: http, port: 80, targetPort: http}
`;

export const k8s = (): Setup => ({
	files: [{name: 'fileproc-tui.k8s.yaml', text: kubernetes}],
	next: [
		`docker build --tag fileproc-tui:${version} .    and push it to where your cluster finds it`,
		'kubectl apply --filename fileproc-tui.k8s.yaml',
		'kubectl logs job/fileproc-tui-first-account',
	],
});

/** Node comes from those who make it, and is held against their sums; distributions have an older one. */
const INSTALL = `set -eu
case $(uname -m) in x86_64) machine=x64 ;; aarch64) machine=arm64 ;; *) echo "There is no Node for $(uname -m)" >&2; exit 1 ;; esac
cd "$(mktemp -d)"
from=https://nodejs.org/dist/latest-v24.x
curl -fsSLO "$from/SHASUMS256.txt"
file=$(grep -o "node-v24[0-9.]*-linux-$machine\\.tar\\.xz" SHASUMS256.txt | head -1)
curl -fsSLO "$from/$file"
grep " $file\\$" SHASUMS256.txt | sha256sum --check --quiet
tar --extract --xz --file "$file" --directory /usr/local --strip-components 1 --no-same-owner
npm install --global --no-audit --no-fund "$PACKAGE"
systemctl daemon-reload
systemctl enable --now fileproc-tui.service`;

const cloudConfig = `#cloud-config
# A machine of any cloud as a server, listening on itself alone: paste this as its user data, and put the address of the package where it says PACKAGE.
#   ssh -L ${PORT}:127.0.0.1:${PORT} <machine>          then http://127.0.0.1:${PORT} in a browser
#   journalctl --unit fileproc-tui                the link by which the first account is made
package_update: true
packages: [ca-certificates, curl, xz-utils]
write_files:
  - path: /etc/systemd/system/${serverUnit.name}
    permissions: '0644'
    content: |
${indented(serverUnit.text.trimEnd(), 6)}
  - path: /usr/local/sbin/install-fileproc-tui
    permissions: '0755'
    content: |
      #!/bin/sh
      # A release of the registry; before there is one, the https:// address of a package that npm pack has made.
      PACKAGE=fileproc-tui@${version}
${indented(INSTALL, 6)}
runcmd:
  - [/usr/local/sbin/install-fileproc-tui]
`;

export const cloudInit = (): Setup => ({
	files: [{name: 'cloud-init.yaml', text: cloudConfig}],
	next: [
		'cloud-init schema --config-file cloud-init.yaml    where cloud-init is installed',
		'aws ec2 run-instances --user-data file://cloud-init.yaml …',
		'gcloud compute instances create … --metadata-from-file user-data=cloud-init.yaml',
		'az vm create … --custom-data cloud-init.yaml',
	],
});
