/** What the machine says no to, in a sentence: disks, rights, files in the place of folders. The one place that knows these errors. */

const reasons: Readonly<Record<string, string>> = {
  EACCES: "may not be read or changed by this user. See who may: ls -ld",
  EBUSY: "is in use by another program.",
  EDQUOT: "has no room: this user's quota of the disk is used up.",
  EEXIST: "is there already.",
  EISDIR: "is a folder; a file is needed there.",
  ELOOP: "is a symbolic link that leads to itself.",
  EMFILE: "cannot be opened: this process has too many files open. Raise the limit: ulimit -n 4096",
  ENAMETOOLONG: "is a longer name than the file system takes.",
  ENFILE: "cannot be opened: this machine has too many files open.",
  ENOENT: "is not there.",
  ENOSPC: "has no room: the disk is full. See: df -h",
  ENOTDIR: "leads through a file; a folder is needed there.",
  ENOTEMPTY: "is a folder that is not empty.",
  EPERM: "may not be changed by this user. See who may: ls -ld",
  EROFS: "is on a file system that can only be read. Work in a copy of the project that can be written.",
};

/** The sentence; undefined for any other error. */
export function systemError(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("syscall" in error) || !("code" in error)) return undefined;
  const reason = reasons[String(error.code)];
  if (reason === undefined) return undefined;
  const [path] = ["path" in error ? error.path : undefined].filter((given) => typeof given === "string");
  const place = path ?? `What Slipway asked the system for (${String(error.syscall)})`;
  return `${place} ${reason.endsWith("-ld") ? `${reason} ${path ?? "."}` : reason}`;
}
