/** A real stream that drifts: the glosses of WordNet in phases with classes of their own. */
package io.flinkpeft.example.wordnet;
