import { readFileSync } from "node:fs";

/** Linux documentation, proc_pid_status(5): `VmRSS`, in kB of 1024 bytes. */
export function residentMegabytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  if (kilobytes === undefined) throw new Error(`/proc/${pid}/status tells no VmRSS.`);
  return (Number(kilobytes) * 1024) / 1e6;
}
