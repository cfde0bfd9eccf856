/** Sizes the way the API server writes them back: another spelling of the same size would show as drift. */

/** CPU of that many units, 1,024 being one core: `250m`, `2`. */
export function cores(units: number): string {
  const thousandths = Math.round((units * 1000) / 1024);
  return thousandths % 1000 === 0 ? String(thousandths / 1000) : `${thousandths}m`;
}

/** That many MiB: `512Mi`, `2Gi`. */
export function mebibytes(size: number): string {
  return size % 1024 === 0 && size > 0 ? `${size / 1024}Gi` : `${size}Mi`;
}
