// models.get/list/search, versions, hardware, account, collections, trainings.
export default async ({ replicate }) => {
  const echo = await replicate.models.get("auspex", "echo");
  const video = await replicate.models.get("auspex", "motion-video");
  const models = await replicate.models.list();
  const versions = await replicate.models.versions.list("auspex", "echo");
  const version = await replicate.models.versions.get("auspex", "echo", echo.latest_version.id);
  const hardware = await replicate.hardware.list();
  const account = await replicate.accounts.current();
  const found = await replicate.models.search("echo");
  const collections = await replicate.collections.list();
  const trainings = await replicate.trainings.list();
  return { found, collections, trainings, echo, video, models, versions, version, hardware, account };
};
