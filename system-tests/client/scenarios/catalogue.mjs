// models.get/list/search, versions, hardware, account.
export default async ({ replicate }) => {
  const echo = await replicate.models.get("auspex", "echo");
  const video = await replicate.models.get("auspex", "motion-video");
  const models = await replicate.models.list();
  const versions = await replicate.models.versions.list("auspex", "echo");
  const version = await replicate.models.versions.get("auspex", "echo", echo.latest_version.id);
  const hardware = await replicate.hardware.list();
  const account = await replicate.accounts.current();
  return { echo, video, models, versions, version, hardware, account };
};
