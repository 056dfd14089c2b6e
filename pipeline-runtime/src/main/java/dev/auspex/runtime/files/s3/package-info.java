/** Files in a bucket of anything that speaks S3. */
@NullMarked
package dev.auspex.runtime.files.s3;

import org.jspecify.annotations.NullMarked;
