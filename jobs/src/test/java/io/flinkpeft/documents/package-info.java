/** What the repository says of itself, compared with what it holds. */
package io.flinkpeft.documents;
